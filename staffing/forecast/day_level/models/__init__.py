"""The models of day totals, one file each. A new one is a file here and a line in MODELS."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from staffing.forecast.day_level.model import DayModel
from staffing.forecast.day_level.models.boosting import BoostedTrees
from staffing.forecast.day_level.models.calendar_regression import CalendarRegression
from staffing.forecast.day_level.models.prophet import ProphetModel
from staffing.forecast.day_level.models.second_regression import SecondRegression
from staffing.forecast.day_level.models.smoothing import ExponentialSmoothing
from staffing.forecast.day_level.models.weekday_mean import WeekdayMean

MODELS: Mapping[str, DayModel] = MappingProxyType(
    {
        model.name: model
        for model in (
            ProphetModel(),
            CalendarRegression(),
            SecondRegression(),
            ExponentialSmoothing(),
            BoostedTrees(),
            WeekdayMean(),
        )
    }
)
