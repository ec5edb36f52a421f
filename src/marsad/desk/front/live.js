/* What is new is told at the edge of the page, with links: nothing that somebody reads is moved or changed by it. */
const news = document.getElementById('news')
const stream = new EventSource('/events')
// How the queue was when one came to the page: that, the page shows.
let queue

stream.addEventListener('news', (event) => {
  const told = JSON.parse(event.data)
  const links = []
  queue ??= told.jobs
  const failed = told.jobs.failed - queue.failed
  const isQueue = document.getElementById('queue') && told.jobs.waiting !== queue.waiting
  if (told.claims.count) links.push(link('claims', told.claims.count, `/arrived?after=${told.after}`))
  if (told.decisions.count) links.push(link('decisions', told.decisions.count, location.href))
  if (failed > 0) links.push(link('failed', failed, `/intake?failed=${told.jobs.failed}#queue`))
  if (isQueue) links.push(link('waiting', told.jobs.waiting, `/intake?waiting=${told.jobs.waiting}#queue`))
  // Told aloud only when it says something else than before.
  const words = links.map((each) => each.textContent).join(' · ')
  if (words !== news.textContent) news.replaceChildren(...links.flatMap((each, n) => (n ? [' · ', each] : [each])))
})
addEventListener('pagehide', () => stream.close())

function link(what, count, to) {
  const made = document.createElement('a')
  made.href = to
  made.append(`${news.dataset[what]} ${count}`)
  return made
}
