"""The order of a day, and the run: one compiled call for all days.

    decide     rules look at the past and change levers, while there is an owner
    arrive     recruitment, word of mouth; then walk-ins, KOL campaigns, subgroups, greetings,
               events, releases, raffles, pushes
    visit      a night passes; members decide whether to come; newcomers do tasks
    publish    official posts, members' posts
    read       attention, ads, replies, ties
    raffle     a visitor wins
    empower    volunteers work
    learn      interest, expectation, trust, habit, fatigue, voice, roles
    recognise  authors are thanked
    leave      mute, unmute, leave
    nudge      visitors write to dormant friends
    shake      shocks: bad news of the evening
    settle     orders, fees and costs; the owner reviews the books
    observe    counts, sums, stage
    record     events, if asked for
    tally      posts as sources show them, if asked for

Within a step of a function (recruit, then invite; read, then reply) everyone reads the state as it
was when the step began. What members do to one another is added up as integers, so neither their
order nor the number of threads matters.
"""

from comsim.model.kernel.arrive import arrive
from comsim.model.kernel.compile import njit
from comsim.model.kernel.decide import decide
from comsim.model.kernel.learn import learn
from comsim.model.kernel.leave import leave
from comsim.model.kernel.mechanisms.empower import empower
from comsim.model.kernel.mechanisms.gather import gather
from comsim.model.kernel.mechanisms.kol import campaign
from comsim.model.kernel.mechanisms.nudge import nudge
from comsim.model.kernel.mechanisms.onboard import give_tasks, greet
from comsim.model.kernel.mechanisms.owner import abandon
from comsim.model.kernel.mechanisms.push import push
from comsim.model.kernel.mechanisms.raffle import announce, raffle
from comsim.model.kernel.mechanisms.recognise import recognise
from comsim.model.kernel.mechanisms.release import release
from comsim.model.kernel.mechanisms.shocks import shake
from comsim.model.kernel.mechanisms.subgroups import count_subgroups, form_subgroups
from comsim.model.kernel.mechanisms.walkins import walk_in
from comsim.model.kernel.observe import observe
from comsim.model.kernel.publish import publish
from comsim.model.kernel.read import read
from comsim.model.kernel.record import record
from comsim.model.kernel.settle import settle
from comsim.model.kernel.tally import tally
from comsim.model.kernel.visit import visit

# The parts of a day; who looks into a day stops between them.
UNTIL_READ, FROM_LEARNING_ON, WHOLE = 1, 2, 3


@njit(inline="always")
def until_read(w, day, threaded):
    """The first half of the day, until everybody has read."""
    if w.now[0].stopped:
        abandon(w, day)
    else:
        decide(w, day)
    arrive(w, day)
    walk_in(w, day)
    campaign(w, day)
    form_subgroups(w, day)
    greet(w, day)
    gather(w, day)
    release(w, day)
    announce(w, day)
    push(w, day, threaded)
    visit(w, day, threaded)
    give_tasks(w, day)
    publish(w, day)
    read(w, day, threaded)
    raffle(w, day)
    empower(w, day)


@njit(inline="always")
def from_learning_on(w, day, threaded):
    """The second half of the day."""
    learn(w, day, threaded)
    recognise(w, day)
    leave(w, day)
    nudge(w, day)
    shake(w, day)
    count_subgroups(w, day)
    settle(w, day)
    observe(w, day)
    if w.events.shape[0] > 0:
        record(w, day)
    if w.sources.shape[0] > 0:
        tally(w, day)


@njit(nogil=True, from_python=True)
def run_days(w, first, stop, threads_from, parts):
    """Days first .. stop - 1, in order; with threads from `threads_from` members on."""
    for day in range(first, stop):
        if parts & UNTIL_READ:
            until_read(w, day, w.now[0].rows >= threads_from)
        if parts & FROM_LEARNING_ON:
            from_learning_on(w, day, w.now[0].rows >= threads_from)
