"""Statistical methods, independent of communities.

    intervals      means, shares of variance and probabilities, with confidence intervals
    resampling     bootstrap over points and worlds
    variance       the share of stochastic variation
    least_squares  piecewise linear fits, with the share of variance of each block
    indices        Sobol' indices and Morris' elementary effects
    ranking        whether an order is resolved
    prim           the patient rule induction method
    logistic       local logistic regression over two factors
    rolling        rolling variance and autocorrelation of daily series
    risk           tail means and the Pareto front

They take arrays. A parameter sample has several replications, that is, worlds that differ only in
their random seeds. Only samples are independent. Imports common and the keyed random numbers of
model.
"""
