/** Finding what goes with a text or a file in a model's collection. */

import { h, announce, count, newId } from './dom.js';
import * as api from './api.js';
import { collector } from './collector.js';
import { failures, busyLine } from './failure.js';
import { textSample } from './kinds.js';
import { sampleView, withKind } from './sample.js';

export async function searchView() {
  const models = (await api.models()).filter(model => model.retrieval.available);
  const title = h('h1', { tabindex: -1 }, 'Search');
  if (!models.length) return { title: 'Search', element: h('div', null, title, h('p.after', null, 'The server was started without a collection to search in: croma serve --help says how to give it one.')) };

  const failure = failures();
  const busy = busyLine();
  const place = h('div');
  const pick = newId('collection');
  const select = h('select', { id: pick, change: build }, models.map(model => h('option', { value: model.id }, `${model.name}: ${model.retrieval.items} ${model.retrieval.modality}`)));
  const results = h('ol.plain.found', { 'aria-label': 'What was found, the best first' });
  const element = h('div.search', null, title,
    models.length > 1 && h('div.field', null, h('label', { for: pick }, 'Collection'), select), place, busy.element, failure.element, results);

  function build() {
    const model = models.find(each => each.id === select.value);
    const { accepts, items, modality } = model.retrieval;
    const others = accepts.filter(kind => kind === 'audio' || kind === 'image' || accepts.length === 1 && kind !== 'text');
    const collect = others.length ? collector({ accepts: others, limits: model.limits, what: () => 'to search with', take: samples => find(model, samples[0]) }) : null;
    place.replaceChildren(
      h('p.soft', null, `Among ${count(items, 'item')} (${modality}).`),
      ...accepts.includes('text') ? [textForm(model)] : [],
      ...collect ? [collect.element] : []);
    results.replaceChildren();
  }

  function textForm(model) {
    const id = newId('query');
    const field = h('input', { type: 'text', id, autocomplete: 'off' });
    return h('form', { role: 'search', submit(event) {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return field.focus();
      return find(model, textSample(text));
    } }, h('label', { for: id }, 'What are you looking for?'), h('div.query', null, field, h('button.primary', { type: 'submit' }, 'Search')));
  }

  async function find(model, sample) {
    if (!busy.element.hidden) return;
    failure.clear();
    try {
      const found = await busy.during('Searching …', signal => api.retrieve(model.id, sample, signal));
      results.replaceChildren(...found.map(row));
      announce(found.length ? `${count(found.length, 'item')} found. First: ${found[0].label}.` : 'Nothing was found.');
    } catch (error) {
      failure.show(error, () => find(model, sample));
    }
  }

  build();
  return { title: 'Search', element };
}

function row(item) {
  const seen = h('div.seen');
  const track = h('span.track.k0', { 'aria-hidden': 'true' }, h('span'));
  track.firstChild.style.setProperty('--share', Math.max(0, item.score).toFixed(4));
  if (item.text !== null && item.text !== undefined) seen.append(sampleView({ ...item, kind: 'text' }));
  else if (item.mediaUrl) withKind({ ...item, text: undefined }).then(sample => seen.append(sampleView(sample)), () => {});
  else seen.append(h('p.note', null, 'Its file is not kept.'));
  return h('li.result', null, seen, h('div.about', null, h('p.answer', null, h('span.soft.number', null, `${item.rank}.`), h('strong', null, item.label)),
    item.name !== item.label && !item.mediaUrl && h('p.note', null, item.name),
    h('p.similar', null, track, h('span.note.number', null, `similarity ${item.score.toFixed(2)}`))));
}
