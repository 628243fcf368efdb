// Draws each figure of a page when its reader comes near it.
//
// Browsers load no modules from files, so a page opened from a folder says what to do instead.
const here = document.currentScript.src;

function show(place) {
  import(new URL(`${place.dataset.figure}.js`, here)).then((figure) => figure.draw(place));
}

function refer(place) {
  place.className = "play-says";
  place.textContent =
    "Here is a figure that answers to you where the site comes from a server. " +
    "On your own machine, start one in the site's folder: python -m http.server";
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        show(target);
      }
    }
  },
  { rootMargin: "600px" },
);

for (const place of document.querySelectorAll("[data-figure]")) {
  location.protocol === "file:" ? refer(place) : near.observe(place);
}
