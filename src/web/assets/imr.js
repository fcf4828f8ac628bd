// Makes the page quicker; without it everything works by links and forms.
"use strict";

(() => {
  // Parts of the page that an answer replaces.
  const PARTS = ["places", "printed", "kept", "filters", "results"];
  let asked = null;
  // Whether what is asked for is a step back or forth.
  let returning = false;
  const search = (url) => new URL(url, location.href).search;
  let shown = search(location.href);

  const part = (id) => document.getElementById(id);
  const here = (url) => url.origin === location.origin && url.pathname === location.pathname;

  // Shows the search of an address without a reload; falls back to a plain visit.
  async function show(url, focus, back) {
    asked?.abort();
    asked = new AbortController();
    returning = back === true;
    const results = part("results");
    results?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: asked.signal, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!PARTS.every((id) => part(id) && page.getElementById(id))) throw new Error("another page");
      const open = new Map([...document.querySelectorAll("details[data-key]")].map((d) => [d.dataset.key, d.open]));
      for (const id of PARTS) part(id).replaceWith(page.getElementById(id));
      for (const details of document.querySelectorAll("#filters details[data-key]")) {
        details.open = details.open || open.get(details.dataset.key) === true;
      }
      const box = page.getElementById("q");
      // What is being typed stays, but not on the way back to another search.
      if (part("q").value !== box.value && (back || document.activeElement !== part("q"))) part("q").value = box.value;
      for (const way of page.querySelectorAll("#ways input")) {
        const own = part("ways").querySelector(`[name="${CSS.escape(way.name)}"]`);
        if (own) own.checked = way.checked;
      }
      shown = search(url);
      document.title = page.title;
      part("said").textContent = part("count").textContent;
      if (focus) focusOn(focus);
      return true;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
      return false;
    }
  }

  function focusOn(key) {
    const same = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    (same ?? part("results"))?.focus({ preventScroll: Boolean(same) });
  }

  async function go(url, focus) {
    if (await show(url, focus)) {
      const target = new URL(url);
      if (target.href !== location.href) history.pushState(null, "", url);
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-live]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (!here(url) || !PARTS.every(part)) return;
    event.preventDefault();
    const paging = link.rel === "next" || link.rel === "prev";
    url.hash = "";
    go(url.href, link.dataset.key ?? "results").then(() => paging && part("results")?.scrollIntoView());
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-live]")) return;
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value !== "") url.searchParams.append(name, value);
    if (!here(url) || !PARTS.every(part)) return;
    event.preventDefault();
    go(url.href, form.getAttribute("role") === "search" ? null : "results");
  });

  addEventListener("popstate", () => {
    // A step that another one follows is not wanted any more.
    if (returning) {
      asked?.abort();
      part("results")?.removeAttribute("aria-busy");
    }
    // A step within the page is none to another search.
    if (PARTS.every(part) && search(location.href) !== shown) show(location.href, null, true);
  });

  // What a browser remembers of a form may be of a search that followed.
  addEventListener("pageshow", () => {
    const params = new URLSearchParams(location.search);
    for (const field of document.querySelectorAll("form.ask input")) {
      if (field.name === "q") field.value = params.getAll("q").join(" ");
      else if (field.type === "checkbox") field.checked = params.has(field.name);
    }
  });

  // Search inside a long facet.
  let finding = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-find]");
    if (!form) return;
    const turn = ++finding;
    setTimeout(() => turn === finding && find(form), 150);
  });

  async function find(form) {
    const list = form.parentElement.querySelector("ul");
    form.usual ??= list;
    const text = form.elements.find.value.trim();
    if (text === "") return list.replaceWith(form.usual);
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) url.searchParams.append(name, value);
    const answer = await fetch(url, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("ul.values");
    if (!answer.ok || !found || form.elements.find.value.trim() !== text) return;
    const values = [...found.querySelectorAll("a.value")].slice(0, 12).map((value) => {
      const item = document.createElement("li");
      item.append(value);
      return item;
    });
    const shown = document.createElement("ul");
    shown.append(...values);
    if (values.length === 0) shown.textContent = "No such value.";
    form.parentElement.querySelector("ul").replaceWith(shown);
  }

  // The last match before what the address leads to, or before what is seen.
  function before(all) {
    const place = location.hash.length > 1 && part(location.hash.slice(1));
    const follows = (mark) =>
      place
        ? place.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING
        : mark.getBoundingClientRect().top >= 0;
    let at = 0;
    while (at < all && part(`m${at + 1}`) && !follows(part(`m${at + 1}`))) at += 1;
    return at;
  }

  // Keys: / to the search box; on a letter n and p to the next and previous match.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/" && part("q")) {
      event.preventDefault();
      part("q").focus();
      part("q").select();
    }
    const all = Number(document.querySelector("[data-matches]")?.dataset.matches ?? 0);
    if (all > 0 && (event.key === "n" || event.key === "p")) {
      const at = /^#m(\d+)$/.exec(location.hash)?.[1];
      // Between two matches the way back leads to the one before.
      const now = at ? Number(at) : before(all) + (event.key === "n" ? 0 : 1);
      const next = event.key === "n" ? (now % all) + 1 : ((now + all - 2) % all) + 1;
      // The way back leads to the hits, not through the matches.
      location.replace(`#m${next}`);
    }
  });
})();
