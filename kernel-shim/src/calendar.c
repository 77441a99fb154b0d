/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* calendar.c: seconds as days, months and years. */
#include <linux/time.h>

#define DAY 86400

/* 400 years. */
#define DAYS_OF_CYCLE 146097

static bool is_leap(long year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int month, long year)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month] + (month == 1 && is_leap(year));
}

/* The years before `year`, since the year 0. */
static long leap_days_before(long year)
{
	long last = year - 1;

	return (last - (last < 0 ? 3 : 0)) / 4 - (last - (last < 0 ? 99 : 0)) / 100 +
	       (last - (last < 0 ? 399 : 0)) / 400;
}

static long days_before(long year)
{
	return (year - 1970) * 365 + leap_days_before(year) - leap_days_before(1970);
}

void time64_to_tm(time64_t totalsecs, int offset, struct tm *result)
{
	long seconds = totalsecs % DAY + offset, days = totalsecs / DAY, cycles, year;
	int month = 0;

	for (; seconds < 0; days--)
		seconds += DAY;
	for (; seconds >= DAY; days++)
		seconds -= DAY;
	result->tm_hour = seconds / 3600;
	result->tm_min = seconds / 60 % 60;
	result->tm_sec = seconds % 60;
	/* 1970 began on a Thursday. */
	result->tm_wday = ((days + 4) % 7 + 7) % 7;
	cycles = days / DAYS_OF_CYCLE - (days % DAYS_OF_CYCLE < 0);
	year = 1970 + 400 * cycles + (days - cycles * DAYS_OF_CYCLE) / 366;
	while (days_before(year + 1) <= days)
		year++;
	days -= days_before(year);
	result->tm_yday = days;
	result->tm_year = year - 1900;
	for (; days >= days_of_month(month, year); month++)
		days -= days_of_month(month, year);
	result->tm_mon = month;
	result->tm_mday = days + 1;
}
