// Tabs, where there is more than the gallery.
const tabs = (() => {
  const bar = byId("tabs");
  const panels = [...document.querySelectorAll("[data-tab]")];
  const offered = () => [...bar.children].map(tab => byId(tab.dataset.of));
  let changed = () => {};
  let opened = () => {};

  /** The tab that a page begins with: findings, where somebody looked for some. */
  const first = () => byId("findings") ? "findings" : "gallery";
  const chosen = () => bar.querySelector("[aria-selected=true]")?.dataset.of ?? "gallery";

  function select(name) {
    const panel = offered().find(each => each.id === name) ?? byId(first());
    for (const each of panels) each.hidden = each !== panel;
    for (const tab of bar.children) {
      const isSelected = tab.dataset.of === panel.id;
      tab.setAttribute("aria-selected", isSelected);
      tab.tabIndex = isSelected ? 0 : -1;
    }
    opened(panel.id);
  }

  /** Makes the tab of a section; the bar is there where there are two. */
  function offer(id, count) {
    const panel = byId(id);
    const tab = make("button", "", panel.dataset.tab);
    if (count !== undefined) tab.append(make("span", "", ` ${count}`));
    tab.type = "button";
    tab.dataset.of = id;
    tab.id = `tab-${id}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => { select(id); changed(); });
    bar.append(tab);
    bar.hidden = bar.children.length < 2;
  }

  bar.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const all = offered();
    const next = all[(all.findIndex(panel => !panel.hidden) + step + all.length) % all.length];
    select(next.id);
    byId(`tab-${next.id}`).focus();
    changed();
  });

  return { first, chosen, select, offer, onChange: tell => { changed = tell; }, onOpen: tell => { opened = tell; } };
})();
