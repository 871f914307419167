"""Calls and handle time per interval, out of history and events.

baseline = fit(history, calendar, events, options)         # the slow part, once per history
baseline.predict(calendar, events, start, days)            # milliseconds; move events freely
forecast(history, calendar, events, start=…, days=…)       # both
"""

from staffing.forecast.baseline import Baseline, fit, forecast
from staffing.forecast.options import ForecastOptions
from staffing.forecast.result import Forecast
from staffing.forecast.same_day.reforecast import reforecast

__all__ = ["Baseline", "Forecast", "ForecastOptions", "fit", "forecast", "reforecast"]
