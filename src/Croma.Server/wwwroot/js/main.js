/** The page's views by address (#/, #/new, #/classifier/ID, #/search), and what holds for all of them. */

import { h } from './dom.js';
import { failures } from './failure.js';
import { homeView } from './home.js';
import { teachView, draftHoldsWork } from './teach.js';
import { classifierView, unsentWork } from './classifier.js';
import { searchView } from './search.js';
import * as api from './api.js';
import { takeToken } from './token.js';

const views = [
  [/^#\/new$/, teachView],
  [/^#\/classifier\/([^/]+)$/, classifierView],
  [/^#\/search$/, searchView],
  [/^/, homeView],
];
const main = document.getElementById('main');
let shown = 0;

async function show(first) {
  const turn = ++shown;
  const address = location.hash;
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.getAttribute('href') === (address || '#/')) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const [pattern, view] = views.find(([candidate]) => candidate.test(address));
  const waits = setTimeout(() => { if (turn === shown) main.replaceChildren(h('div.busy', null, 'Loading …')); }, 250);
  try {
    const { title, element } = await view(...pattern.exec(address).slice(1).map(decodeURIComponent));
    if (turn !== shown) return;
    main.replaceChildren(element);
    document.title = `${title} · Croma`;
  } catch (error) {
    if (turn !== shown) return;
    const failure = failures();
    main.replaceChildren(h('h1', { tabindex: -1 }, 'This could not be shown'), failure.element);
    failure.show(error, () => show(false));
    document.title = 'Croma';
  } finally {
    clearTimeout(waits);
  }
  if (!first) {
    window.scrollTo(0, 0);
    main.querySelector('h1')?.focus();
  }
}

window.addEventListener('hashchange', () => {
  takeToken();
  show(false);
});
document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});

// a file that misses its place must not take the page away, and with it what was entered
for (const kind of ['dragover', 'drop']) window.addEventListener(kind, event => { if (event.dataTransfer.types.includes('Files')) event.preventDefault(); });
window.addEventListener('beforeunload', event => { if (draftHoldsWork() || unsentWork()) event.preventDefault(); });

takeToken();
await show(true);
api.models().then(models => { document.getElementById('search-link').hidden = !models.some(model => model.retrieval.available); }, () => {});
