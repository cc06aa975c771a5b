"""Asks a SQL endpoint by clickhouse-connect, pandas and SQLAlchemy, as an analyst does; prints one JSON document of what they say.

usage: client.py HOST PORT PATH   (PATH "" = the endpoint has a port of its own)
"""

import datetime
import decimal
import json
import sys
import uuid

import clickhouse_connect
import pandas
import sqlalchemy
from clickhouse_connect.driver.exceptions import DatabaseError, ProgrammingError

host, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
statements = json.load(sys.stdin)
answers = {}


def plain(value):
    """What JSON can say: times in ISO 8601 with milliseconds, other values as text where JSON has none."""
    if value is None or value is pandas.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, (pandas.Timestamp, datetime.datetime)):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, (uuid.UUID, decimal.Decimal)):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        return plain(value.item())
    return value


def failure(ask):
    try:
        ask()
    except (DatabaseError, ProgrammingError, sqlalchemy.exc.DatabaseError) as error:
        return str(error)
    return "no failure"


client = clickhouse_connect.get_client(host=host, port=port, proxy_path=path, database="hoptime")
answers["ping"] = client.ping()
answers["journeys"] = plain(client.query(statements["journeys"]).result_rows)
answers["types"] = plain(client.query(statements["types"]).first_row)
parameters = statements["parameters"]
answers["parameters"] = plain(client.query(statements["echo"], parameters=parameters).first_row)
answers["empty"] = plain(client.query(statements["empty"]).result_rows)
answers["command"] = client.command("SELECT count() FROM journeys")
answers["describe"] = plain([row[:2] for row in client.query("DESCRIBE TABLE hops").result_rows[:4]])
answers["tables"] = plain(sorted(client.query("SHOW TABLES").result_columns[0]))
with client.query_row_block_stream(statements["many"]) as stream:
    blocks = list(stream)
answers["stream"] = [len(blocks) > 1, sum(len(block) for block in blocks), sum(row[0] for block in blocks for row in block)]
answers["unknown table"] = failure(lambda: client.query("SELECT * FROM nowhere"))
answers["syntax"] = failure(lambda: client.query("SELEC 1"))
answers["refused"] = failure(lambda: client.command("DROP TABLE journeys"))
answers["setting"] = failure(lambda: client.query("SELECT 1", settings={"max_block_size": 1000}))

frame = client.query_df(statements["journeys"])
answers["frame types"] = {name: str(kind).split("[")[0] for name, kind in frame.dtypes.items()}
answers["frame"] = plain(frame.astype(object).where(frame.notna(), None).values.tolist())
answers["frame of SQL"] = plain(client.query_df(statements["by state"]).values.tolist())
answers["csv"] = client.raw_query(statements["by state"], fmt="CSVWithNames").decode()

suffix = f"?proxy_path={path}" if path else ""
engine = sqlalchemy.create_engine(f"clickhousedb://default:@{host}:{port}/hoptime{suffix}")
with engine.connect() as connection:
    answers["alchemy"] = plain([list(row) for row in connection.execute(sqlalchemy.text(statements["journeys"]))])
    bound = sqlalchemy.text("SELECT message_id FROM journeys WHERE state = :state AND hop_count >= :hops ORDER BY message_id")
    answers["alchemy bound"] = plain([list(row) for row in connection.execute(bound, {"state": "complete", "hops": 2})])
    answers["alchemy error"] = failure(lambda: connection.execute(sqlalchemy.text("SELECT * FROM nowhere")))
inspector = sqlalchemy.inspect(engine)
answers["inspector"] = {
    "schemas": [name for name in inspector.get_schema_names() if name.lower() != "information_schema"],
    "tables": sorted(set(inspector.get_table_names("hoptime")) | set(inspector.get_view_names("hoptime"))),
    "columns": [[column["name"], str(column["type"])] for column in inspector.get_columns("hops", "hoptime")[:4]],
}
table = sqlalchemy.Table("journeys", sqlalchemy.MetaData(schema="hoptime"), autoload_with=engine)
grouped = sqlalchemy.select(table.c.state, sqlalchemy.func.count()).group_by(table.c.state).order_by(table.c.state)
answers["pandas over alchemy"] = plain(pandas.read_sql(grouped, engine).values.tolist())
json.dump(answers, sys.stdout, default=str, separators=(", ", ": "))
