"""Statistical methods that know nothing of communities.

    intervals   means, shares of variance, probabilities, with confidence intervals
    resampling  points and worlds drawn anew
    prim        the patient rule induction method
    logistic    local logistic regression over two factors
"""
