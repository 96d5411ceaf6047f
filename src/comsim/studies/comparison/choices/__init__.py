"""The policies that are compared: scenarios, programmes, equal budgets, and what they cost."""
