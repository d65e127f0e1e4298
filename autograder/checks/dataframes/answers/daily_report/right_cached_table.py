"""A temporary view, cached by its name, and three queries."""


def daily_report(events, save):
    spark = events.sparkSession
    events.createOrReplaceTempView("all_events")
    spark.sql(
        """
        CACHE TABLE people_of_the_day AS
        SELECT customer_id, hour(clicked_at) AS hour, page, device, seconds
        FROM all_events WHERE device <> 'bot'
        """
    )
    for name, query in (
        ("pages", "SELECT page, count(*) AS clicks, sum(seconds) AS seconds"),
        ("devices", "SELECT device, count(DISTINCT customer_id) AS visitors"),
        ("hours", "SELECT hour, count(*) AS clicks"),
    ):
        column = query.split()[1].strip(",")
        save(name, spark.sql(f"{query} FROM people_of_the_day GROUP BY {column}"))
    spark.sql("DROP VIEW people_of_the_day")  # with its rows in the cache
