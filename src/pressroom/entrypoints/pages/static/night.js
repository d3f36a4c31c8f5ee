/* The reader's page without it is whole; with it parts appear as they come, and the words that are heard are shown. */
"use strict";

(() => {
  const root = document.documentElement;
  const lamp = document.getElementById("lamp");
  const tale = document.getElementById("tale");

  const light = (isOn) => {
    root.dataset.lamp = isOn ? "on" : "off";
    document.querySelector('meta[name="theme-color"]').content = isOn ? "#f8f1e2" : "#12131c";
    if (lamp) lamp.textContent = isOn ? "Turn the lamp off" : "Turn the lamp on";
  };

  const remembered = () => {
    try { return localStorage.getItem("lamp") === "on"; } catch { return false; }
  };

  light(remembered());
  if (lamp) {
    lamp.hidden = false;
    lamp.addEventListener("click", () => {
      const isOn = root.dataset.lamp !== "on";
      light(isOn);
      try { localStorage.setItem("lamp", isOn ? "on" : "off"); } catch { /* it is only not remembered */ }
    });
  }
  if (!tale) return;

  /* The words that are heard */

  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  let spans = [];

  const follow = () => {
    const audio = tale.querySelector("audio");
    spans = [...tale.querySelectorAll("[data-at]")].map((span) => ({ span, at: Number(span.dataset.at) }));
    if (!audio || !spans.length) return;
    tale.classList.add("has-voice");
    let heard = null;
    const show = () => {
      const now = audio.currentTime + 0.15;
      const isBegun = !audio.paused || audio.currentTime > 0;
      let next = null;
      if (isBegun && !audio.ended) for (const each of spans) if (each.at <= now) next = each.span;
      if (next === heard) return;
      /* A sentence that goes over several lines of a verse is several spans of one moment. */
      for (const each of spans) each.span.classList.toggle("is-heard", next !== null && each.span.dataset.at === next.dataset.at);
      heard = next;
      if (!next || audio.paused) return;
      const { top, bottom } = next.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight * 0.85) {
        next.scrollIntoView({ block: "center", behavior: isStill.matches ? "auto" : "smooth" });
      }
    };
    if (audio.dataset.isFollowed) return;
    audio.dataset.isFollowed = "true";
    for (const moment of ["timeupdate", "seeked", "play", "pause", "ended"]) audio.addEventListener(moment, show);
  };

  tale.querySelector("#words").addEventListener("click", (event) => {
    const span = event.target.closest("[data-at]");
    const audio = tale.querySelector("audio");
    if (!span || !audio || String(getSelection())) return;
    audio.currentTime = Number(span.dataset.at);
    audio.play().catch(() => {});
  });

  follow();

  /* Parts that come later */

  const tells = tale.dataset.tells;
  if (!tells) return;
  let isAsking = false;
  let isWanted = false;

  const fill = async () => {
    isWanted = true;
    if (isAsking) return;
    isAsking = true;
    while (isWanted) {
      isWanted = false;
      const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
      if (!answer || !answer.ok) break;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const height = tale.querySelector("#words").getBoundingClientRect().top;
      for (const id of ["plate", "voice", "words"]) {
        const here = tale.querySelector(`#${id}`);
        const there = page.getElementById(id);
        if (there && here.innerHTML.trim() !== there.innerHTML.trim()) here.replaceChildren(...there.childNodes);
      }
      follow();
      /* What came in above must not move the line that is being read. */
      const moved = tale.querySelector("#words").getBoundingClientRect().top - height;
      if (scrollY > 0 && moved) scrollBy(0, moved);
      if (!page.getElementById("tale")?.dataset.tells) stream.close();
    }
    isAsking = false;
  };

  const stream = new EventSource(tells);
  stream.addEventListener("AssetStored", fill);
  stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) fill(); });
})();
