"""How texts are written offline: a lexicon of domains, frames of sentences, the grammar to fill them; no network."""
