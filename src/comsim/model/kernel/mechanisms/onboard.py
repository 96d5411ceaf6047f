"""Onboard: newcomers are greeted in person or by an automated message, and given small tasks in
their first days.

A greeting in person on the day of joining lifts trust and the confidence to post, and may create a
tie between the newcomer and the inviter. An automated message has almost no effect, as measured on
French Wikipedia. Tasks (introduce yourself, ask a question) raise posting on the same visit, with
diminishing returns, and tire the newcomer. They have no lasting benefit, as was measured for a
tutorial on Wikipedia (Narayan et al. 2017).
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import LEFT, cell_of, cents, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import lifted
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.kernel.ties import strengthen
from comsim.model.rng import Purpose

GREET_DRAW = np.uint32(Purpose.GREET)
TASK_DRAW = np.uint32(Purpose.TASK)

PARAMETERS = [
    Parameter("greeting_cost", 2.0, "currency a greeting", 0, 1e3,
              "cost of staff time to greet one newcomer in person", doubt=1,
              label="cost of a greeting", label_zh="迎新问候成本"),
    Parameter("greeting_trust", 0.08, "share", 0, 1,
              "share of the way to 1 that a greeting lifts trust",
              sign="Choi et al. 2010 (welcome messages to Wikipedians)", effect="greeting",
              label="trust gained by a greeting", label_zh="问候带来的信任"),
    Parameter("greeting_voice", 0.01, "share", 0, 1,
              "share of the way to 1 that a greeting lifts the confidence to post",
              effect="greeting", label="confidence gained by a greeting",
              label_zh="问候带来的发言信心"),
    Parameter("greeting_tie", 0.5, "share", 0, 1,
              "chance that a greeting creates a tie between an invited newcomer and the inviter",
              effect="greeting", label="friends made by a greeting", label_zh="问候促成的结识"),
    Parameter("auto_greeting_voice", 0.0, "share", 0, 1,
              "share of the way to 1 that an automated welcome lifts the confidence to post",
              "Effects of Receiving Personalized Welcome Messages 2020 (French Wikipedia)",
              grade="measured", effect="auto_greeting",
              label="confidence gained by an automated welcome", label_zh="自动欢迎带来的发言信心"),
    Parameter("task_uptake", 0.8, "share", 0, 1,
              "share of the tasks offered that a newcomer with full interest does",
              effect="newcomer_tasks", label="uptake of newcomer tasks", label_zh="新人任务完成率"),
    Parameter("task_voice", 0.9, "share", 0, 1,
              "share of the way to 1 that very many tasks on a visit move the confidence to post, "
              "during that visit", effect="newcomer_tasks", label="confidence gained by tasks",
              label_zh="任务带来的发言信心"),
    Parameter("task_half", 0.5, "tasks a visit", 0.01, 100, "tasks that have half of that effect",
              effect="newcomer_tasks", label="tasks of half effect", label_zh="半效任务数"),
    Parameter("task_fatigue", 0.03, "a task", 0, 1, "how far one task tires",
              effect="newcomer_tasks", label="fatigue from a task", label_zh="任务带来的疲劳"),
]  # fmt: skip

LEVERS = [
    Lever("greeting", 0.0, "share", 0, 1,
          "share of newcomers who are greeted in person on the day they join",
          meaning_zh="加入当天得到专人问候的新人比例", group="welcome", grade="measured",
          sources=("Morgan and Halfaker 2018", "Pethig et al. 2025"),
          paid_from="cost_greeting", price="greeting_cost for each greeting", label_zh="迎新问候"),
    Lever("auto_greeting", 0.0, "share", 0, 1,
          "share of newcomers who get an automated welcome message on the day they join",
          meaning_zh="加入当天收到自动欢迎消息的新人比例", group="welcome", grade="measured",
          sources=("Effects of Receiving Personalized Welcome Messages 2020",),
          label="automated welcome", label_zh="自动欢迎"),
    Lever("newcomer_tasks", 0.0, "tasks a visit", 0, 20,
          "tasks offered to a newcomer at each visit", meaning_zh="新人每次到访可做的任务数",
          group="welcome", grade="measured",
          sources=("Wikimedia Growth team 2020", "Narayan et al. 2017"), slider=5,
          label_zh="新人任务"),
]  # fmt: skip

COLUMNS = [
    Column("greeted", "people", "newcomers greeted today", label_zh="获问候新人"),
    Column("auto_greeted", "people", "newcomers who got an automated welcome today",
           label="got an automated welcome", label_zh="收到自动欢迎的新人"),
    Column("cost_greeting", "currency", "staff time for greetings", 100, ledger="cost",
           label="greetings", label_zh="迎新"),
    Column("tasks_done", "tasks", "newcomers' tasks done today", label="newcomer tasks done",
           label_zh="完成的新人任务"),
]  # fmt: skip


@njit
def greet(w, day):
    """Greet a share of those who joined today, in person and by an automated message."""
    m, p, now, daily = w.m, w.p[0], w.now[0], w.daily[day]
    for row in range(now.first_new, now.rows):
        here, mine = w.levers[day, cell_of(w, row, day)], m.own[row]
        if here.greeting + here.auto_greeting <= 0.0:
            continue
        words = draw(w.people.key, GREET_DRAW, day, m.person[row], 0)
        if uniform(words[1]) < here.auto_greeting:
            voice = np.float64(mine.voice)
            mine.voice = voice + p.auto_greeting_voice * (1.0 - voice)
            daily.auto_greeted += 1
        if uniform(words[0]) >= here.greeting:
            continue
        voice = np.float64(mine.voice)
        mine.trust = lifted(np.float64(mine.trust), np.float64(mine.scar), p.greeting_trust)
        mine.voice = voice + p.greeting_voice * (1.0 - voice)
        if (
            mine.inviter >= 0
            and m.status[mine.inviter] != LEFT
            and uniform(words[2]) < p.greeting_tie
        ):
            strengthen(row, np.int64(mine.inviter), m.bonds, m.tie, m.tie_strength)
        daily.greeted += 1
    daily.cost_greeting = daily.greeted * cents(p.greeting_cost)


@njit
def most_tasks(w, day):
    """The largest number of tasks that any newcomers are offered today; newcomers have the odd
    cells."""
    most = 0.0
    for cell in range(1, w.levers.shape[1], 2):
        most = max(most, w.levers[day, cell].newcomer_tasks)
    return most


@njit
def give_tasks(w, day):
    """Newcomers among today's visitors do some of the tasks that they are offered."""
    if most_tasks(w, day) <= 0.0:
        return
    m, p, now = w.m, w.p[0], w.now[0]
    total = 0
    for at in range(now.visitors):
        visit = w.visits[at]
        offered = w.levers[day, visit.cell].newcomer_tasks
        if visit.cell % 2 == 0 or offered <= 0.0:
            continue
        row = np.int64(visit.row)
        u = uniform(draw(w.people.key, TASK_DRAW, day, visit.person, 0)[0])
        done = np.int64(p.task_uptake * np.float64(visit.interest) * offered + u)
        gain = saturating(np.float64(done), p.task_half)
        v, f = np.float64(visit.voice), np.float64(m.fatigue[row])
        visit.voice = v + p.task_voice * gain * (1.0 - v)
        m.fatigue[row] = f + min(p.task_fatigue * np.float64(done), 1.0) * (1.0 - f)
        total += done
    w.daily[day].tasks_done = total
