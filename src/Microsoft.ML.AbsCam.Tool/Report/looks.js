// How maps look, as the page's controls say, and the scales that show it.
const look = { ...settings.look, threshold: 0, photo: "colour", contours: false, both: false };

const looks = (() => {
  const palettes = Object.fromEntries(Object.entries(settings.palettes).map(([name, colours]) => [name, heat.bytesOf(colours)]));
  const names = ["palette", "under", "threshold", "contours", "both", "fade"].filter(byId);

  /** Takes the look from the controls, and draws the scales by it; where there are pairs of maps, perhaps with two sides. */
  function apply(hasPairs = false) {
    look.colours = palettes[byId("palette").value] ?? palettes[settings.palette];
    look.threshold = Number(byId("threshold").value) / 100;
    look.photo = byId("under").value;
    look.contours = byId("contours").checked;
    look.both = byId("both")?.checked ?? false;
    byId("limit").textContent = look.threshold.toFixed(2);
    document.body.classList.toggle("both", look.both);
    document.documentElement.style.setProperty("--fade", Number(byId("fade").value) / 100);
    const areTwo = look.both && hasPairs;
    for (const legend of document.querySelectorAll(".legend")) {
      const [from, to] = areTwo ? ["this class", "the other"] : ["low", "high"];
      [legend.firstElementChild.textContent, legend.lastElementChild.textContent] = [from, to];
      legend.setAttribute("aria-label", areTwo ? "Colours of the two maps over a grey photo: orange for the class, blue for the one it is told from" : "Colours of the map over a grey photo, from low on the left to high on the right");
      heat.paintScale(legend.querySelector("canvas"), look, areTwo);
    }
  }

  byId("palette").append(...Object.keys(palettes).map(name => make("option", "", name)));
  byId("palette").value = settings.palette;

  return { names, apply };
})();
