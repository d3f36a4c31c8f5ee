// Small comforts; every page is complete without them.
(() => {
  "use strict";

  const language = document.documentElement.lang || undefined;
  const forms = {
    clock: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
    moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
    full: { dateStyle: "full", timeStyle: "long" },
  };

  // The server writes UTC; the reader's own zone is known only here.
  function localise(root) {
    for (const element of root.querySelectorAll("time[datetime]:not([data-done])")) {
      const moment = new Date(element.dateTime);
      const form = { ...forms[element.dataset.form] };
      if (Number.isNaN(moment.valueOf())) continue;
      if (form.month && moment.getFullYear() !== new Date().getFullYear()) form.year = "numeric";
      element.textContent = new Intl.DateTimeFormat(navigator.language || language, { ...form, hourCycle: "h23" }).format(moment);
      element.title = new Intl.DateTimeFormat(navigator.language || language, forms.full).format(moment);
      element.dataset.done = "";
    }
  }

  function dateline() {
    const place = document.querySelector(".dateline");
    if (place && !place.textContent.trim()) {
      place.textContent = new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(new Date());
    }
  }

  // A live part is replaced as a whole; what the reader had opened stays open.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    opened = [...event.detail.target.querySelectorAll("details[open][id]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    localise(document);
  });

  // Nor is a part replaced under the hands of somebody who is typing in it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const typed = [...event.detail.target.querySelectorAll("input[type=search]")];
    if (typed.some((one) => one === document.activeElement || one.value !== one.defaultValue)) event.preventDefault();
  });

  // Without the right to the clipboard (plain HTTP from another machine) the text is selected, ready to be copied.
  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(source);
      source.focus();
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (button) copy(button);
  });

  localise(document);
  dateline();
})();
