"""The robustness run explained twice: without a formula, and with them for those who want them."""

from __future__ import annotations

from connectivity.method.profiles import CONCENTRATION
from connectivity.robustness.tiers import BELOW, EVEN, SOME, SURE, WORTH
from layers.estimate import RESIDUAL

READ = (
    "No one knows every figure exactly. For each we write down the lowest and the highest value that is fair.",
    "A draw picks one value for each, and ranks all places again. Then we see how far its ranks spread.",
    "A bar holds the ranks a place got in 9 of 10 draws. The black mark is its middle rank: half were worse.",
    "A short bar far left is a sure thing. A long bar means the rank says little.",
    "Draws cannot find a mistake in the files we were given. They only show what our own choices do.",
)
"""How to read the page, in plain words."""

FORMULAE = {
    "Weights": f"w ~ Dirichlet({CONCENTRATION.value:g} · w₀), where w₀ are the study’s own, which add up to 1.",
    "Other inputs": "x ~ Triangular(low, central, high), or even, or one of a list: see the table. Each input has a "
    "stream of random numbers of its own (PCG64), so adding one changes no other’s draws.",
    "Modelled councils": "logit p<sub>a</sub> = &alpha; + β·z<sub>a</sub> + ε<sub>a</sub>, with ε<sub>a</sub> ~ "
    f"N(0, {RESIDUAL.value:g}²); &alpha; is found again "
    "in each draw, so that every council’s total stays as published.",
    "Rank": "rank<sub>d</sub>(a) = 1 + the number of places b with score<sub>d</sub>(b) &gt; score<sub>d</sub>(a), in "
    "draw d. The worst tenth of n places are those with rank ≤ ⌈n/10⌉.",
    "Range and middle": "The 5th, 50th and 95th percentile of rank<sub>d</sub>(a) over the draws.",
    "Tiers": f"The first that fits: not enough data; few or none where P(remote &lt; {BELOW.value:.0%}) ≥ "
    f"{SURE.value:g}; then by P(worst tenth and remote ≥ {WORTH.value:.0%}): almost certain ≥ {SURE.value:g}, "
    f"likely ≥ {EVEN.value:g}, depends ≥ {SOME.value:g}; else unlikely. Here “remote” is the share that cannot "
    "support one home worker.",
    "Two places": f"A is worse than B only if P(score A &gt; score B) ≥ {SURE.value:g}; else they cannot be separated.",
    "What moves a place": "For each input, the share of the variance of rank<sub>d</sub>(a) that it explains in a "
    "straight line (adjusted R²). The largest is named.",
    "What moves a headline": "Sobol indices. Alone: S = Var(E[y | x]) / Var(y) (Saltelli 2010). With others: "
    "T = E(Var[y | all but x]) / Var(y) (Jansen 1999).",
}
"""By name; HTML written here, with nothing from a file in it."""
