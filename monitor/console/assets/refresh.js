// Brings the page up to date every few seconds: asks for it again and puts the new <main> in place of the old one, unless
// somebody is at work in it. Details that were opened stay open.
const PERIOD_MS = 5_000;
const button = document.querySelector('[data-refresh]');
let live = localStorage.getItem('plumbline-live') !== 'off';

function show() {
  button.hidden = false;
  button.setAttribute('aria-pressed', String(live));
}

function isBusy() {
  const main = document.querySelector('main');
  return (
    main.contains(document.activeElement) || (!getSelection().isCollapsed && main.contains(getSelection().anchorNode))
  );
}

async function refresh() {
  if (!live || document.hidden || isBusy()) return;
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  // Signed out meanwhile, or the model is gone: the server says so on a page of its own.
  if (!response.ok || response.redirected) return location.reload();
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const [before, after] = [document.querySelector('main'), page.querySelector('main')];
  if (!after || isBusy() || before.innerHTML === after.innerHTML) return;
  for (const { id } of before.querySelectorAll('details[id][open]')) {
    page.getElementById(id)?.setAttribute('open', '');
  }
  before.replaceWith(after);
  document.title = page.title;
}

if (button) {
  button.addEventListener('click', () => {
    live = !live;
    localStorage.setItem('plumbline-live', live ? 'on' : 'off');
    show();
  });
  show();
  // A monitor that is away for a moment is asked again.
  setInterval(() => refresh().catch(() => undefined), PERIOD_MS);
}
