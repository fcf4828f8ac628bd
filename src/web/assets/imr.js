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
  // The words of a search by its address.
  const words = (query) => new URLSearchParams(query).getAll("q").join(" ");
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
      const panel = part("filters").matches(":target, .open");
      const open = new Map([...document.querySelectorAll("details[data-key]")].map((d) => [d.dataset.key, d.open]));
      for (const id of PARTS) part(id).replaceWith(page.getElementById(id));
      // On a narrow screen the filters stay open until they are done with.
      part("filters").classList.toggle("open", panel && !back);
      for (const details of document.querySelectorAll("#filters details[data-key]")) {
        details.open = details.open || open.get(details.dataset.key) === true;
      }
      const box = page.getElementById("q");
      // What is being typed stays, but not on the way back to another search.
      if (part("q").value !== box.value && (back || document.activeElement !== part("q"))) part("q").value = box.value;
      for (const way of page.querySelectorAll("#ways input")) {
        const own = part("ways").querySelector(`[name="${CSS.escape(way.name)}"]`);
        if (own) own.checked = way.checked;
        if (way.checked) part("ways").open = true;
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
    (same ?? part("results"))?.focus({ preventScroll: true });
    // What is new begins at the head of the results.
    if (!same && part("results").getBoundingClientRect().top < 0) part("results").scrollIntoView();
  }

  async function go(url, focus) {
    if (await show(url, focus)) {
      const target = new URL(url);
      if (target.href !== location.href) history.pushState(null, "", url);
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a.done")) part("filters")?.classList.remove("open");
    const link = event.target.closest?.("a[data-live]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (!here(url) || !PARTS.every(part)) return;
    event.preventDefault();
    const paging = link.rel === "next" || link.rel === "prev";
    url.hash = "";
    // Words that were typed and not sent go along, unless the link brings words of its own.
    const typed = part("q").value.trim();
    if (typed !== words(shown).trim() && words(url.search) === words(shown)) {
      url.searchParams.delete("offset");
      url.searchParams.set("q", typed);
    }
    go(url.href, link.dataset.key ?? "results").then(() => paging && part("results")?.scrollIntoView());
  });

  // What stands in another form for the same page goes along, sent or not.
  function join(form) {
    for (const joined of document.querySelectorAll("[data-joined]")) joined.remove();
    const own = new Set([...form.elements].filter((field) => field.type !== "hidden").map((field) => field.name));
    const others = [...document.forms].filter((other) => other !== form && other.getAttribute("action") === form.getAttribute("action"));
    for (const other of others) {
      const fields = [...other.elements].filter((field) => field.name && field.type !== "hidden" && !own.has(field.name));
      for (const name of new Set(fields.map((field) => field.name))) {
        // A further value of a range is of the other form's own.
        for (const kept of form.querySelectorAll(`input[type="hidden"][name="${CSS.escape(name)}"]`)) kept.remove();
      }
      for (const { name, type, value, checked } of fields) {
        if (value === "" || (type === "checkbox" && !checked)) continue;
        const kept = document.createElement("input");
        Object.assign(kept, { type: "hidden", name, value });
        kept.dataset.joined = "";
        form.append(kept);
      }
      for (const further of other.querySelectorAll("input[data-further]")) {
        const kept = further.cloneNode();
        delete kept.dataset.further;
        kept.dataset.joined = "";
        form.append(kept);
      }
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" && !form.matches("form[data-find]")) join(form);
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
  addEventListener("pageshow", (event) => {
    const back = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    if (back) for (const form of document.querySelectorAll("form.ranges, form.actions")) form.reset();
    const params = new URLSearchParams(location.search);
    for (const field of document.querySelectorAll("form.ask input")) {
      if (field.name === "q") field.value = params.getAll("q").join(" ");
      else if (field.type === "checkbox") field.checked = params.has(field.name);
    }
  });

  // Of two ways that exclude each other one is on.
  document.addEventListener("change", (event) => {
    const other = { all: "any", any: "all" }[event.target.name];
    if (other && event.target.checked) event.target.form.elements[other].checked = false;
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
