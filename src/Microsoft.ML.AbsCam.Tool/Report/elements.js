// Finds elements and makes them, and does things once a frame; and what the page was told.
const byId = id => document.getElementById(id);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
/** Gives what does something before the next frame, once, however often it is called until then. */
const onceAFrame = action => {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      action();
    });
  };
};
const settings = JSON.parse(byId("settings").textContent);
