// Finds elements and makes them; and what the page was told.
const byId = id => document.getElementById(id);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const settings = JSON.parse(byId("settings").textContent);
