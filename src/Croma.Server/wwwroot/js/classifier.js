/** One classifier: how good it is, trying it, its concepts, its map. */

import { h, keyed, announce, count, newId } from './dom.js';
import { icon } from './icons.js';
import * as api from './api.js';
import { conceptPanel } from './concept.js';
import { estimatePanel, inWords } from './estimate.js';
import { failures, busyLine, confirm } from './failure.js';
import { liveClassifier } from './live.js';
import { mapPart } from './map.js';
import { tryPart } from './try.js';

// what is under way stays while other views are open
const opened = new Map();

/** Whether samples wait to be learned from. */
export const unsentWork = () => [...opened.values()].some(live => live.pending.length > 0 || live.fresh?.samples.length > 0);

export async function classifierView(id) {
  const [models, loaded] = await Promise.all([api.models(), api.classifier(id)]).catch(error => {
    throw error.status === 404 ? { title: 'There is no such classifier', detail: 'It may have been deleted. The others are under Classifiers, above.' } : error;
  });
  const model = models.find(each => each.id === loaded.model);
  const live = opened.get(id) ?? liveClassifier(id);
  opened.set(id, live);
  live.data = loaded;

  const failure = failures();
  const busy = busyLine();
  const facts = h('p.soft');
  const estimate = h('section.panel.estimate', { 'aria-label': 'Estimate' });
  const list = h('div.concepts');
  const panels = new Map();
  const map = mapPart(id);
  const attempt = loaded.accepts.length ? tryPart({ id, model: { accepts: loaded.accepts, limits: models[0].limits }, live, tries: live.tries, teachable: Boolean(model) }) : null;
  const freshPlace = h('div.fresh');
  const more = h('button', { type: 'button', click: begin }, icon('plus'), 'Add a concept');

  live.listen({
    changed(text) {
      render();
      if (text) {
        announce(`${text} ${inWords(live.data.estimate)}`);
        attempt?.refresh();
        map.draw(live.data);
      }
    },
    failed: (error, again) => failure.show(error, again),
    started: () => failure.clear(),
    during: busy.during,
  });

  const element = h('div.classifier', null,
    h('div.head', null, h('h1', { tabindex: -1 }, loaded.name), h('button.danger.quiet.small', { type: 'button', click: remove }, icon('bin'), 'Delete')),
    facts, failure.element, busy.element,
    model ? null : h('p.notice', { role: 'note' }, icon('warning'), h('span', null, `Its model, ${loaded.model}, is not served now: it recognises what it knows, and cannot be taught. Start the server with that model to teach it more.`)),
    h('div.columns', null, estimate, attempt?.element, map.element),
    h('section.part', null, h('h2', null, 'Concepts'),
      model && h('p.soft', null, 'What you add or remove here it learns at once.'), list, freshPlace, h('p.after', null, more)));

  function render() {
    const { data } = live;
    const samples = data.classes.reduce((sum, each) => sum + each.samples.length, 0);
    facts.textContent = [model && models.length > 1 ? model.name : null, count(data.classes.length, 'concept'), count(samples, 'sample'), data.head].filter(Boolean).join(' · ');
    estimate.replaceChildren(...estimatePanel(data).filter(Boolean));
    const focused = list.contains(document.activeElement);
    keyed(list, live.concepts(), concept => concept.name, concept => {
      const panel = conceptPanel(model ? { model, add: added => live.add(concept.name, added), remove: sample => live.remove(sample) } : {});
      panels.set(concept.name, panel);
      return panel.element;
    }, (_, concept) => panels.get(concept.name).update(concept));
    renderFresh();
    // a concept that lost its last sample is gone
    if (focused && document.activeElement === document.body) more.focus();
  }

  function begin() {
    live.fresh ??= { name: '', samples: [], complaint: null };
    render();
    freshPlace.panel.focusName();
  }

  function renderFresh() {
    more.hidden = Boolean(live.fresh) || !model;
    if (!live.fresh) {
      freshPlace.replaceChildren();
      freshPlace.panel = null;
      return;
    }
    if (!freshPlace.panel) {
      freshPlace.panel = conceptPanel({
        model,
        rename: name => { Object.assign(live.fresh, { name, complaint: null }); render(); },
        discard: () => { live.fresh = null; render(); more.focus(); },
        add: samples => { live.fresh.samples.push(...samples); live.fresh.complaint = null; render(); },
        remove: sample => { live.fresh.samples = live.fresh.samples.filter(each => each !== sample); render(); },
      });
      freshPlace.replaceChildren(freshPlace.panel.element, h('p.after', null, h('button.primary', { type: 'button', click: finish }, 'Teach the new concept')));
    }
    freshPlace.panel.update({ ...live.fresh, index: live.data.classes.length });
  }

  function finish() {
    const { fresh } = live;
    const name = fresh.name.trim();
    const wrong = !name ? 'This concept needs a name.'
      : live.data.classes.some(each => each.name.toLowerCase() === name.toLowerCase()) ? `There is a concept called ${name} already: add the samples to it.`
        : !fresh.samples.length ? `${name} needs at least one sample.` : null;
    if (wrong) {
      Object.assign(fresh, { complaint: wrong, complaintOn: name && !fresh.samples.length ? 'samples' : 'name' });
      render();
      announce(wrong);
      freshPlace.panel[fresh.complaintOn === 'name' ? 'focusName' : 'focusCollector']();
      return;
    }
    live.fresh = null;
    live.add(name, fresh.samples);
    panels.get(name)?.focusCollector();
  }

  async function remove() {
    const samples = live.data.classes.reduce((sum, each) => sum + each.samples.length, 0);
    if (!await confirm(`Delete ${loaded.name}?`, `Its ${count(samples, 'sample')} ${samples === 1 ? 'is' : 'are'} deleted with it. This cannot be undone.`, 'Delete')) return;
    try {
      await api.remove(id);
      opened.delete(id);
      announce(`${loaded.name} deleted.`);
      location.hash = '#/';
    } catch (error) {
      failure.show(error, remove);
    }
  }

  render();
  map.draw(live.data);
  return { title: loaded.name, element };
}
