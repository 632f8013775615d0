// The link that "plumbline up" prints carries the token behind the #, which browsers do not send: it is put into the form.
const token = decodeURIComponent(location.hash.slice(1));
const form = document.querySelector('form[data-sign-in]');
if (token && form) {
  history.replaceState(null, '', location.pathname + location.search);
  form.elements.namedItem('token').value = token;
  form.requestSubmit();
}
