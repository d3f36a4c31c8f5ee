"""Product pictures: the product's photo in a calm scene, its name, price and offer set over it. Pure."""
