/** The access token, kept while the tab is open. */

import { h, newId } from './dom.js';

const KEY = 'croma.token';
let asking = null;

/** Takes a token that the page was opened with (#token=...), and leaves it neither in the address nor in the history. */
export function takeToken() {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (!given) return;
  sessionStorage.setItem(KEY, decodeURIComponent(given));
  history.replaceState(null, '', '#/');
}

/** The token to send; null: none was needed yet. */
export const token = () => sessionStorage.getItem(KEY);

/**
 * Asks for the token, once however many requests want it.
 * @param {string|null} refused what the server did not take
 * @returns {Promise<boolean>} whether there is another one to try
 */
export async function askForToken(refused) {
  if (token() !== refused) return true;
  asking ??= ask(refused !== null).finally(() => { asking = null; });
  return asking;
}

function ask(again) {
  const field = newId('token');
  const note = newId('note');
  const input = h('input', { type: 'password', id: field, name: 'token', autocomplete: 'current-password', required: true, autofocus: true, 'aria-describedby': note, 'aria-invalid': again ? 'true' : null });
  const dialog = h('dialog', { 'aria-labelledby': `${field}-title` },
    h('form', { method: 'dialog' },
      h('h2', { id: `${field}-title` }, 'Access token'),
      h('label', { for: field }, 'Token'),
      input,
      h('p', { id: note, class: again ? 'amiss' : 'note' }, again ? 'The server did not take this token. It shows the right one where it was started.' : 'The server shows it where it was started. It is kept until you close this tab.'),
      h('div.row.end', null,
        h('button', { type: 'button', click: () => dialog.close('') }, 'Cancel'),
        h('button.primary', { type: 'submit', value: 'given' }, 'Continue'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    const given = dialog.returnValue === 'given' && input.value.trim();
    if (given) sessionStorage.setItem(KEY, given);
    dialog.remove();
    resolve(Boolean(given));
  }));
}
