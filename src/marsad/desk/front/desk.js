/* Keys for reviewing: a key presses the button whose data-key names it, in either script, unless somebody is writing. */
const WRITES = new Set(['INPUT', 'TEXTAREA', 'SELECT'])

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || WRITES.has(event.target.tagName)) return
  const meant = [...document.querySelectorAll('[data-key]')].find((each) => each.dataset.key.split(' ').includes(event.key.toLowerCase()))
  if (!meant) return
  event.preventDefault()
  if (meant.value === 'reject' && needsReason(meant.form)) return
  meant.click()
})

/** A rejection says why: without a reason the field for it is where one writes next. */
function needsReason(form) {
  const reason = form.querySelector('[name=reason]')
  if (reason.value.trim()) return false
  reason.focus()
  return true
}

for (const form of document.querySelectorAll('form.decide'))
  form.addEventListener('submit', (event) => {
    if (event.submitter?.value === 'reject' && needsReason(form)) event.preventDefault()
  })
