/** Making a classifier: model, concepts, samples. What was entered stays until it is taught, also while other views are open. */

import { h, keyed, count, announce, newId, shortened } from './dom.js';
import { icon } from './icons.js';
import * as api from './api.js';
import { conceptPanel } from './concept.js';
import { failures, busyLine } from './failure.js';
import { inWords } from './estimate.js';
import { filesOf } from './kinds.js';

const RATES = [['0.05', '1 in 20'], ['0.1', '1 in 10'], ['0.2', '1 in 5']];
const USUAL_RATE = '0.1';
let last = 0;
const newConcept = () => ({ id: ++last, name: '', samples: [] });
const newDraft = () => ({ model: null, name: '', falseAlarmRate: USUAL_RATE, concepts: [newConcept(), newConcept()] });
let draft = newDraft();

/** Whether something would be lost with the page. */
export const draftHoldsWork = () => draft.concepts.some(concept => concept.samples.length > 0);

export async function teachView() {
  const models = await api.models();
  if (!models.length) throw { title: 'There is no model', detail: 'Start the server with a trained one: croma serve --model DIR.' };
  if (!models.some(model => model.id === draft.model)) draft.model = models.length === 1 ? models[0].id : null;

  const failure = failures();
  const busy = busyLine();
  const list = h('div.concepts');
  const panels = new Map();
  const tally = h('span.soft');
  const teach = h('button.primary', { type: 'button', click: submit }, 'Teach it');
  const more = h('button', { type: 'button', click: addConcept }, icon('plus'), 'Add a concept');
  const conceptsPart = h('section', null, h('h2', null, 'Concepts'), h('p.soft', { id: 'concepts-hint' }), list, h('p.after', null, more));
  const nameField = newId('name');
  const rateField = newId('rate');
  const chooser = models.length > 1 ? modelChoice(models, modelChosen) : null;

  const element = h('div.teach', null,
    h('h1', { tabindex: -1 }, 'Teach something new'),
    chooser?.element ?? h('p.soft.only-model', null, describe(models[0])),
    conceptsPart,
    h('section.last', null,
      h('div.field', null, h('label', { for: nameField }, 'Name ', h('span.soft', null, '(may be left empty)')),
        h('input', { type: 'text', id: nameField, maxlength: 100, autocomplete: 'off', value: draft.name, input: event => { draft.name = event.target.value; } })),
      h('details', null, h('summary', null, 'None of these'),
        h('div.field', null, h('label', { for: rateField }, 'Of what it knows, it may turn away'),
          h('select', { id: rateField, change: event => { draft.falseAlarmRate = event.target.value; } }, RATES.map(([value, text]) => h('option', { value, selected: value === draft.falseAlarmRate }, text))),
          h('p.note', null, 'The more it may turn away, the more often it notices that something is none of the concepts. 1 in 10 takes at least 9 samples, 1 in 20 takes 19.')))),
    failure.element,
    h('div.finish', null, tally, busy.element, teach));

  const model = () => models.find(each => each.id === draft.model);

  function modelChosen(id) {
    draft.model = id;
    panels.clear();
    list.replaceChildren();
    chooser.complain('');
    render();
  }

  function addConcept() {
    const concept = newConcept();
    draft.concepts.push(concept);
    render();
    panels.get(concept.id).focusName();
  }

  function discard(concept) {
    const at = draft.concepts.indexOf(concept);
    draft.concepts.splice(at, 1);
    render();
    announce(`${concept.name || 'Concept'} removed.`);
    (panels.get(draft.concepts[Math.min(at, draft.concepts.length - 1)]?.id) ?? { focusName: () => more.focus() }).focusName();
  }

  function panelOf(concept) {
    const panel = conceptPanel({
      model: model(),
      rename: name => {
        concept.name = name;
        concept.complaint = null;
        render();
      },
      discard: () => discard(concept),
      add: samples => {
        concept.samples.push(...samples);
        if (concept.complaintOn === 'samples') concept.complaint = null;
        render();
      },
      remove: sample => {
        concept.samples = concept.samples.filter(each => each !== sample);
        render();
      },
    });
    panels.set(concept.id, panel);
    return panel.element;
  }

  function render() {
    const chosen = model();
    conceptsPart.hidden = !chosen;
    if (chosen) {
      element.querySelector('#concepts-hint').textContent = `Give each a name and a few ${filesOf(chosen.accepts)}. One of each is enough to start; five are better.`;
      keyed(list, draft.concepts, concept => concept.id, panelOf, (_, concept) => panels.get(concept.id).update({ ...concept, index: draft.concepts.indexOf(concept) }));
    }
    tally.textContent = `${count(draft.concepts.length, 'concept')}, ${count(draft.concepts.reduce((sum, concept) => sum + concept.samples.length, 0), 'sample')}`;
  }

  /** The first thing that is missing is said at its place and given the focus. */
  function complete() {
    if (!model()) {
      chooser.complain('Choose the model that is to learn.');
      return false;
    }
    const complain = (concept, on, text) => {
      Object.assign(concept, { complaint: text, complaintOn: on });
      render();
      panels.get(concept.id)[on === 'name' ? 'focusName' : 'focusCollector']();
      announce(text);
      return false;
    };
    if (draft.concepts.length < 2) {
      addConcept();
      return complain(draft.concepts.at(-1), 'name', 'Two concepts are needed: it learns to tell them apart.');
    }
    const names = new Set();
    for (const concept of draft.concepts) {
      const name = concept.name.trim();
      if (!name) return complain(concept, 'name', 'This concept needs a name.');
      if (names.has(name.toLowerCase())) return complain(concept, 'name', `There is another concept called ${name}.`);
      names.add(name.toLowerCase());
    }
    const empty = draft.concepts.find(concept => concept.samples.length === 0);
    return empty ? complain(empty, 'samples', `${empty.name.trim()} needs at least one sample.`) : true;
  }

  async function submit() {
    failure.clear();
    if (!busy.element.hidden || !complete()) return;
    const samples = draft.concepts.flatMap(concept => concept.samples.map(sample => ({ ...sample, concept: concept.name.trim() })));
    const fields = { model: draft.model, name: draft.name.trim() || nameOf(draft.concepts), falseAlarmRate: draft.falseAlarmRate };
    mark('');
    teach.setAttribute('aria-disabled', 'true');
    try {
      const made = await busy.during('Adapting …', signal => api.create(fields, samples, signal));
      draft = { ...newDraft(), model: draft.model };
      announce(`Taught. ${inWords(made.estimate)}`);
      location.hash = `#/classifier/${encodeURIComponent(made.id)}`;
    } catch (error) {
      mark(error.detail ?? '');
      failure.show(error, submit);
    } finally {
      teach.removeAttribute('aria-disabled');
    }
  }

  /** Marks the samples that a refusal names. */
  function mark(detail) {
    for (const concept of draft.concepts) for (const sample of concept.samples) sample.refused = sample.kind !== 'text' && detail.includes(sample.name);
    render();
  }

  render();
  return { title: 'Teach', element };
}

// four of these, and what joins them, are a name that the server takes
const MOST_LETTERS = 22;
const nameOf = concepts => {
  const names = concepts.map(concept => shortened(concept.name.trim(), MOST_LETTERS));
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
};

const describe = model => `Model: ${model.name}. It takes ${filesOf(model.accepts)}, and was trained with ${model.source.name} beside ${model.target.name}.`;

function modelChoice(models, choose) {
  const complaint = h('p.amiss', { id: 'model-complaint', hidden: true });
  const radios = models.map(model => h('input', { type: 'radio', name: 'model', value: model.id, checked: model.id === draft.model, change: () => choose(model.id) }));
  const element = h('fieldset.part', { 'aria-describedby': complaint.id }, h('legend', null, h('span.h2', null, 'Model')),
    h('div.choices', null, models.map((model, i) => h('label.choice', null, radios[i], h('span', null, h('strong', null, model.name), h('span.note', null, `Takes ${filesOf(model.accepts)}. Trained with ${model.source.name} beside ${model.target.name}.`))))),
    complaint);
  return {
    element,
    complain(text) {
      complaint.textContent = text;
      complaint.hidden = !text;
      if (text) {
        radios[0].focus();
        announce(text);
      }
    },
  };
}
