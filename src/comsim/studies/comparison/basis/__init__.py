"""What an answer rests on: evidence, effects by lot, tests of one's own."""
