// The page's state, its requests to the emulator, and what it does on a key or a click.
const shownAtMost = 200;

let instance = '';        // of the last emulator
let chosen = null;        // the chat that is open: { business, chat }
let after = '0';          // the newest message that is shown
let seen = new Map();     // how many messages each chat had when it was last open
let drafts = new Map();   // the unsent text of each chat: it must not get into another one
let sending = false;
let wake = () => { };
let awake = false;

function open(chat) {
  drafts.set(nameOf(chosen), get('text').value);
  chosen = chat && { ...chat };   // a new object, so that the response to an earlier request is recognized
  after = '0';
  get('text').value = drafts.get(nameOf(chat)) ?? '';
  get('messages').setAttribute('aria-live', 'off');
  get('messages').replaceChildren();
  get('older').hidden = true;
  setText(get('chat-title'), chat ? `Chat ${chat.chat} of business ${chat.business}` : 'Conversation');
  history.replaceState(null, '', chat ? `#${nameOf(chat)}` : ' ');
}

function showChats(businesses) {
  const chats = businesses.flatMap(business => business.chats.map(chat => ({ business: business.id, chat: chat.id, messages: Number(chat.messages) })));
  get('no-chats').hidden = chats.length > 0;
  if (!chats.some(chat => nameOf(chat) === nameOf(chosen))) {
    const next = chats.find(chat => `#${nameOf(chat)}` === location.hash) ?? chats[0] ?? null;
    if (next || chosen) {
      open(next);
      poll();
    }
  }

  const list = get('chats');
  const buttons = new Map([...list.querySelectorAll('button')].map(button => [button.dataset.name, button]));
  chats.forEach((chat, index) => {
    const name = nameOf(chat);
    const isOpen = name === nameOf(chosen);
    if (isOpen || !seen.has(name)) {
      seen.set(name, chat.messages);
    }

    let button = buttons.get(name);
    if (!button) {
      button = make('button', '', make('b'), make('span'), make('span', 'new'));
      button.type = 'button';
      button.dataset.name = name;
      button.addEventListener('click', () => { open(chat); poll(); });
      list.insertBefore(make('li', '', button), list.children[index] ?? null);
    }

    buttons.delete(name);
    button.setAttribute('aria-current', String(isOpen));
    const [title, count, news] = button.children;
    setText(title, `Chat ${chat.chat}`);
    setText(count, `${businesses.length > 1 ? `Business ${chat.business} · ` : ''}${chat.messages} ${chat.messages === 1 ? 'message' : 'messages'}`);
    setText(news, chat.messages > seen.get(name) ? `${chat.messages - seen.get(name)} new` : '');
  });
  buttons.forEach(button => button.parentElement.remove());
}

function show(state, requested) {
  if (state.instance !== instance) {
    instance = state.instance;
    seen = new Map();
    if (after !== '0') {
      // Drafts stay; the messages are loaded again.
      open(chosen);
      requested = null;
      poll();
    }
  }

  showChats(state.businesses);
  showLimits(state.businesses);
  showFaults(state.faults);
  showCalls(state);
  if (requested === chosen && state.messages) {
    showMessages(state.messages);
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/_inbox/${path}`, {
      method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(10000),
    });
  } catch {
    throw new Error('No response. Check whether it took effect before you try again.');
  }

  if (!response.ok) {
    throw new Error((await response.json()).error);
  }
}

async function attempt(action) {
  setText(get('notice'), '');
  try {
    await action();
  } catch (error) {
    setText(get('notice'), error.message);
  }

  poll();
}

async function send() {
  const box = get('text');
  const text = box.value;
  const chat = chosen;
  if (sending || !chat || text.trim() === '') {
    return;
  }

  sending = true;
  await attempt(async () => {
    await call('POST', 'messages', { business: chat.business, chat: chat.chat, text });
    drafts.delete(nameOf(chat));
    if (chosen === chat && box.value === text) {
      box.value = '';
    }
  });
  sending = false;
}

// One request at a time; poll() makes the next one start at once.
function poll() {
  awake = true;
  wake();
}

async function run() {
  for (; ;) {
    awake = false;
    const requested = chosen;
    let state = null;
    try {
      const query = requested ? new URLSearchParams({ business: requested.business, chat: requested.chat, after }) : '';
      const response = await fetch(`/_inbox/state?${query}`, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
      state = response.ok ? await response.json() : null;
    } catch {
      // Shown below.
    }

    get('connection').className = state ? '' : 'lost';
    setText(get('connection'), state ? 'Live' : 'The emulator does not respond. Trying again…');
    try {
      state && show(state, requested);
    } catch (error) {
      reportError(error);
    }

    if (!awake) {
      await new Promise(resolve => {
        wake = resolve;
        setTimeout(resolve, document.hidden ? 3000 : 500);
      });
    }
  }
}

get('write').addEventListener('submit', event => {
  event.preventDefault();
  send();
});
get('text').addEventListener('keydown', event => {
  // While an input method composes a word, Enter is for the input method.
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    setText(get('notice'), '');
    get('text').focus();
  }
});
function order(extent) {
  const fault = get('fault').value;
  const when = document.querySelector('input[name=when]:checked').value;
  attempt(() => call('POST', 'faults', { fault: fault === 'Any' ? null : fault, afterDelivery: when === 'after', ...extent }));
}

get('next').addEventListener('submit', event => {
  event.preventDefault();
  order({ times: get('times').valueAsNumber, operation: get('operation').value || null });
});
get('chance').addEventListener('submit', event => {
  event.preventDefault();
  order({ probability: get('percent').valueAsNumber / 100 });
});
get('fault').addEventListener('change', () => {
  const [before, afterwards] = document.querySelectorAll('input[name=when]');
  const only = get('fault').value;
  before.disabled = only === 'SlowDrip' || only === 'Any';
  afterwards.disabled = only === 'Any';
  if (only === 'SlowDrip') {
    afterwards.checked = true;
  }
});
get('clear').addEventListener('click', () => attempt(() => call('DELETE', 'faults')));
document.addEventListener('visibilitychange', poll);
run();
