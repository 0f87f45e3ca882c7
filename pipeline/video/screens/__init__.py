"""The screen of a lecture: which states it had, when, and the frame that shows each one best.

``find_states`` is the way in. The other modules, from the ground up: ``reader`` (exact times and
decoding), ``tiles`` (what is compared), ``sampling`` (the analysis pass), ``pages`` (samples to
states), ``refine`` (the exact moment and frame).
"""

from pipeline.video.screens.states import ScreenState, find_states

__all__ = ["ScreenState", "find_states"]
