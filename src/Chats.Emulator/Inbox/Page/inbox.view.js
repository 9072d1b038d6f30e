'use strict';

// Everything that others wrote is inserted as text: there is no innerHTML here, and the page's policy would reject it.
const get = id => document.getElementById(id);
const senders = new Map([['CUSTOMER', 'Buyer'], ['PARTNER', 'Shop'], ['MARKET', 'Market'], ['SUPPORT', 'Support']]);
const faultNames = new Map([...get('fault').options].map(option => [option.value, option.text.split(':')[0]]));
const operations = { GetChatMessage: 'read', SendMessageToChat: 'send' };

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className ?? '';
  element.append(...children);
  return element;
}

// Only changes are written: so a screen reader does not repeat anything, and the focus stays where it is.
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// Whether a part of the state differs from what was shown last.
const shown = {};
function changed(part, value) {
  const before = shown[part];
  shown[part] = JSON.stringify(value);
  return shown[part] !== before;
}

const nameOfFault = fault => `${faultNames.get(fault.name)}, ${fault.isAfterDelivery ? 'after' : 'before'} delivery`;
const nameOf = chat => chat ? `${chat.business}/${chat.chat}` : '';
const timeOf = text => new Date(text).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const sizeOf = bytes => bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

function messageOf(message) {
  const time = make('time', '', timeOf(message.createdAt));
  time.dateTime = message.createdAt;
  time.title = message.createdAt;
  const item = make('li', `message ${senders.has(message.sender) ? message.sender.toLowerCase() : 'other'}`,
    make('p', 'who', make('b', '', senders.get(message.sender) ?? message.sender), ' · ', time, ` · no. ${message.id}`));
  if (message.text !== null) {
    const said = make('p', 'said', message.text);
    said.dir = 'auto';
    item.append(said);
  }

  if (message.attachments.length > 0) {
    item.append(make('ul', 'files', ...message.attachments.map(file => make('li', '', 'File: ', linkTo(file), ` ${sizeOf(file.size)}`))));
  }

  return item;
}

function linkTo(file) {
  const name = file.name || 'file without a name';
  if (!/^https?:\/\//i.test(file.url)) {
    return `${name} (${file.url})`;
  }

  const link = make('a', '', name);
  link.href = file.url;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  return link;
}

function showMessages(messages) {
  const list = get('messages');
  const isFirst = after === '0';
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const message of messages) {
    const item = messageOf(message);
    item.classList.toggle('new', !isFirst);
    list.append(item);
    after = message.id;
  }

  while (list.children.length > shownAtMost) {
    list.firstElementChild.remove();
  }

  if (messages.length > 0 && (isFirst || atEnd)) {
    list.scrollTop = list.scrollHeight;
  }

  // Only new messages are read out.
  list.setAttribute('aria-live', 'polite');
  get('older').hidden = list.children.length >= (seen.get(nameOf(chosen)) ?? 0);
}

function showLimits(businesses) {
  if (changed('limits', businesses)) {
    get('limits').replaceChildren(...businesses.map(business => make('div', 'limit', make('b', '', `Business ${business.id}`),
      ...limitOf('Reads left', business.reads?.remaining, business.reads?.limit),
      ...limitOf('Sends left', business.sends?.remaining, business.sends?.limit),
      ...limitOf('In progress', business.callsInProgress, business.atOnce),
      make('span', 'quiet', business.reads ? `Quota until ${timeOf(business.reads.until).slice(0, 5)}` : ''))));
  }
}

function limitOf(title, value, limit) {
  const bar = make('div', 'bar', make('i'));
  bar.setAttribute('aria-hidden', 'true');
  bar.firstElementChild.style.width = limit ? `${100 * value / limit}%` : '0';
  const text = limit == null ? (value == null ? 'no limit' : `${value}, no limit`) : `${value} of ${limit}`;
  return [make('span', '', title), bar, make('span', '', text)];
}

function showFaults(faults) {
  if (!changed('faults', faults)) {
    return;
  }

  const lines = faults.next.map(order => `Next ${order.times > 1 ? `${order.times} ` : ''}${order.operation ? operations[order.operation] : 'call'}${order.times > 1 ? 's' : ''}: `
    + `${nameOfFault(order.fault)}.`);
  if (faults.probability > 0) {
    lines.push(`${+(100 * faults.probability).toFixed(2)} % of all calls: ${faults.random ? nameOfFault(faults.random) : faultNames.get('Any')}.`);
  }

  const many = lines.length - 6;
  if (many > 0) {
    lines.splice(6, many, `… and ${many} more.`);
  }

  lines.push(`${lines.length === 0 ? 'None planned. ' : ''}${faults.appliedCount} applied so far.`);
  get('orders').replaceChildren(...lines.map(line => make('p', '', line)));
}

function showCalls(state) {
  if (!changed('calls', state.calls)) {
    return;
  }

  setText(get('total'), `${state.total} in total, ${state.delivered} of them delivered a message`);
  get('no-calls').hidden = state.calls.length > 0;
  get('calls').replaceChildren(...state.calls.map(call => {
    const isBad = call.status === null || call.status >= 400 || call.fault !== null;
    const row = make('tr', '', ...[
      timeOf(call.receivedAt),
      call.operation ? `${call.method} ${operations[call.operation]}` : `${call.method} ${call.path}`,
      call.chatId ? `${call.chatId}${call.messageId ? `, message ${call.messageId}` : ''}` : '–',
      call.status ?? 'no response',
      call.errorCode ? `${call.errorCode}: ${call.errorMessage}` : '–',
      call.fault ? faultNames.get(call.fault.name) : '–',
      call.deliveredMessageId ? `yes: message ${call.deliveredMessageId}` : call.operation === 'SendMessageToChat' ? 'no' : '–',
      call.keyHint ?? 'none',
    ].map(text => make('td', '', String(text))));
    row.children[3].classList.toggle('bad', isBad);
    row.children[5].classList.toggle('bad', call.fault !== null);
    return row;
  }));
}
