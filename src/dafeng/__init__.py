"""dafeng (达峰): the software with which an urban district runs its carbon peaking plan."""

__version__ = "0.1.0"
