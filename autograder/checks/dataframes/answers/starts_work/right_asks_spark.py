"""Each line is run, and Spark is asked for the jobs that it started."""

import os
import tempfile
import uuid

from pyspark.sql import SparkSession


def starts_work(steps):
    spark = SparkSession.builder.getOrCreate()
    folder = tempfile.mkdtemp()
    path, text = os.path.join(folder, "p"), os.path.join(folder, "c")
    rows = [("Graz", "sent", n) for n in range(40)]
    made = spark.createDataFrame(rows, "city string, status string, n int")
    made.write.parquet(path)
    made.write.csv(text, header=True)
    schema = "city string, status string, n int"
    frame = spark.read.schema(schema).parquet(path)
    rdd = spark.sparkContext.parallelize([("a", 1), ("b", 2)] * 8, 4)

    def read(step, format, at):
        reader = spark.read.schema(schema) if step["schema"] else spark.read
        options = {k: step[k] for k in ("header", "inferSchema") if k in step}
        return reader.options(**options).format(format).load(at)

    lines = {
        "select": lambda s: frame.select("city"),
        "where": lambda s: frame.where("n > 3"),
        "distinct": lambda s: frame.distinct(),
        "limit": lambda s: frame.limit(3),
        "repartition": lambda s: frame.repartition(3),
        "orderBy": lambda s: frame.orderBy("n"),
        "join": lambda s: frame.join(frame.select("n"), "n"),
        "agg": lambda s: frame.groupBy("city").count(),
        "cache": lambda s: frame.select("city").cache().unpersist(),
        "explain": lambda s: frame.explain(),
        "printSchema": lambda s: frame.printSchema(),
        "count": lambda s: frame.count(),
        "collect": lambda s: frame.collect(),
        "take": lambda s: frame.take(2),
        "show": lambda s: frame.show(2),
        "isEmpty": lambda s: frame.isEmpty(),
        "toPandas": lambda s: frame.toPandas(),
        "write": lambda s: frame.write.mode("overwrite").parquet(os.path.join(folder, "w")),
        "read.parquet": lambda s: read(s, "parquet", path),
        "read.csv": lambda s: read(s, "csv", text),
        "pivot": lambda s: frame.groupBy("city").pivot("status", ["sent"] if s["values"] else None),
        "localCheckpoint": lambda s: frame.localCheckpoint(eager=s["eager"]),
        "rdd.map": lambda s: rdd.map(str),
        "rdd.reduceByKey": lambda s: rdd.reduceByKey(max),
        "rdd.sortBy": lambda s: rdd.sortBy(lambda pair: pair[1], numPartitions=s["into"]),
        "rdd.toDF": lambda s: rdd.toDF("a string, b int" if s["types"] else ["a", "b"]),
    }
    context, tracker, found, known = spark.sparkContext, spark.sparkContext.statusTracker(), [], {}
    for step in steps:
        key = str(step)
        if key not in known:
            group = uuid.uuid4().hex
            context.setJobGroup(group, "a step")
            lines[step["do"]](step)
            known[key] = bool(tracker.getJobIdsForGroup(group))
        found.append(known[key])
    context.setLocalProperty("spark.jobGroup.id", None)
    return found
