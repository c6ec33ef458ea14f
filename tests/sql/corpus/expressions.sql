# One expression a line (\n is a line break); tests wrap them in SELECT. Checked against the parser of Trino 476.
1
-1
- 1
- -1
+1
+ + -a
1.5
.5
1.
-1.50
1e5
1.5E-3
.5e10
1e+2
0x1F
0xdead_beef
0o17
0b1010
1_000_000
1_0.5_0
9223372036854775807
-9223372036854775808
TRUE
false
NULL
'it''s'
''
'multi\nline'
U&'\0041\+01F600 b'
U&'d!0061t!+000061' UESCAPE '!'
X'0A1b'
x''
X'0a 1b\n 2c'
date '2024-01-01'
DATE'2024-01-01'
timestamp '2024-01-01 00:00:00.123 Europe/Berlin'
time '01:02:03'
decimal '1.2'
bigint '1'
json '{"a": 1}'
varchar 'x'
double precision '1.5'
"date" '2024-01-01'
char 'x'
ipaddress '10.0.0.1'
interval '1' day
interval '1' year
interval -'1' month
interval + '2' second
interval '1-2' year to month
INTERVAL '1 02:03:04' DAY TO SECOND
interval '3' hour to minute
?
a
"a"
"a""b"
"Select"
a.b
a.b.c.d
a."b".c
(a).b
(a)
((a))
a[1]
a[b + 1]
a[1][2].c
f(a)[1]
ARRAY[1, 2]
ARRAY[]
ARRAY[ARRAY[1], ARRAY[]]
[1, 2, 3]
[]
map(ARRAY['a'], ARRAY[1])['a']
ROW(1, 'a')
(1, 'a', NULL)
(1, 2).field
row(1, row(2))
row()
1 + 2
1 - 2
1 -2
1 - -2
a * b / c % d
a + b * c - d
(a + b) * c
-a * b
-(a * b)
- a AT TIME ZONE 'UTC'
a || b || c
a || b + c
a + b || c
a AT TIME ZONE 'UTC'
a AT TIME ZONE interval '1' hour
a AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York'
a = b
a <> b
a != b
a < b
a <= b
a > b
a >= b
a + 1 = b * 2
(a = b) = (c = d)
a = ALL (SELECT 1)
a <> ANY (SELECT 1)
a < SOME (VALUES 1, 2)
a >= all (TABLE t)
a = ANY (WITH x AS (SELECT 1) SELECT * FROM x)
a BETWEEN 1 AND 2
a NOT BETWEEN 1 AND 2
a BETWEEN b AND c AND d
a BETWEEN b + 1 AND c - 1 OR d
a IN (1, 2, 3)
a NOT IN (1)
a IN (SELECT 1)
a NOT IN (SELECT b FROM t)
a IN ((SELECT 1))
a IN ((SELECT 1), 2)
a IN ((SELECT 1) UNION (SELECT 2))
a IN (VALUES 1, 2)
(a, b) IN ((1, 2), (3, 4))
(a, b) IN (SELECT c, d FROM t)
a LIKE 'x%'
a NOT LIKE 'x%'
a LIKE 'x!%' ESCAPE '!'
a LIKE b || '%'
a IS NULL
a IS NOT NULL
a IS DISTINCT FROM b
a IS NOT DISTINCT FROM b
a IS DISTINCT FROM NULL
NOT a
NOT NOT a
NOT a = b
NOT (a = b)
a AND b AND c
a OR b OR c
a AND b OR c AND d
(a AND b) AND c
a AND (b AND c)
a OR (b OR c)
(a OR b) AND (c OR d)
NOT a AND NOT b
NOT (a AND b)
NOT a OR b
a = b AND c IN (1) OR NOT d LIKE 'e'
EXISTS (SELECT 1)
NOT EXISTS (SELECT * FROM t WHERE t.a = u.a)
(SELECT 1)
((SELECT 1))
(((SELECT 1)))
(SELECT 1) + 1
((SELECT 1) + 1)
((SELECT 1) + 1) * 2
((SELECT 1) UNION (SELECT 2))
((SELECT 1) UNION ALL SELECT 2 ORDER BY 1 LIMIT 1)
((SELECT 1) LIMIT 5)
((SELECT 1), 2)
((SELECT 1)).a
((WITH x AS (SELECT 1) SELECT * FROM x))
(VALUES 1)
(TABLE t)
(((SELECT 1) INTERSECT (SELECT 1)) EXCEPT SELECT 2)
CASE a WHEN 1 THEN 'x' END
CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END
CASE WHEN a THEN 1 ELSE 2 END
CASE WHEN a = 1 THEN CASE WHEN b THEN 1 END ELSE 2 END
CAST(a AS bigint)
TRY_CAST(a AS varchar(10))
CAST(a AS decimal(10, 2))
CAST(a AS timestamp(3) with time zone)
CAST(a AS timestamp without time zone)
CAST(a AS time(6))
CAST(a AS time with time zone)
CAST(a AS double precision)
CAST(a AS double)
CAST(a AS row(x bigint, y varchar))
CAST(a AS row(bigint, varchar))
CAST(a AS row("x y" bigint))
CAST(a AS row(a array(row(b map(varchar, bigint)))))
CAST(a AS array(bigint))
CAST(a AS array<bigint>)
CAST(a AS map<varchar, array<bigint>>)
CAST(a AS bigint array)
CAST(a AS bigint array array)
CAST(a AS map(varchar, bigint))
CAST(a AS interval day to second)
CAST(a AS interval year to month)
CAST(a AS row(bigint array))
CAST(a AS row(a bigint array, timestamp with time zone))
CAST(a AS row(double precision))
CAST(a AS row(time time, interval interval year to month))
CAST(a AS HyperLogLog)
CAST(a AS function(bigint, varchar))
CAST(a AS char(3))
CAST(a AS json)
EXTRACT(year FROM a)
EXTRACT(timezone_hour FROM a + b)
extract(DAY FROM interval '1' day)
CURRENT_DATE
CURRENT_TIME
current_time(3)
CURRENT_TIMESTAMP
CURRENT_TIMESTAMP(6)
LOCALTIME
LOCALTIME(0)
LOCALTIMESTAMP
LOCALTIMESTAMP(9)
CURRENT_USER
CURRENT_CATALOG
CURRENT_SCHEMA
CURRENT_PATH
f()
f(a)
f(a, b)
F(a)
a.b.f(c)
"f"(a)
f(DISTINCT a)
f(ALL a)
f(a ORDER BY b DESC NULLS FIRST, c)
f(a, b ORDER BY c)
f(ORDER BY a)
f(*)
f(all)
count(*)
count(*) FILTER (WHERE a > 1)
count(DISTINCT a) FILTER (WHERE b)
sum(a) OVER ()
sum(a) OVER w
sum(a) OVER (w)
sum(a) OVER (w ORDER BY b)
sum(a) OVER (PARTITION BY b)
sum(a) OVER (PARTITION BY b, c ORDER BY d DESC)
sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING)
sum(a) OVER (ORDER BY b ROWS 1 PRECEDING)
sum(a) OVER (ORDER BY b ROWS CURRENT ROW)
sum(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
sum(a) OVER (ORDER BY b RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND 2 FOLLOWING)
sum(a) OVER (ORDER BY b GROUPS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING)
sum(a) OVER (rows)
sum(a) OVER (partition)
sum(a) OVER (rows ROWS 1 PRECEDING)
sum(a) FILTER (WHERE b) OVER (ORDER BY c)
lag(a) IGNORE NULLS OVER (ORDER BY b)
lag(a, 1, 0) RESPECT NULLS OVER w
row_number() OVER ()
if(a, b)
if(a, b, c)
nullif(a, b)
coalesce(a, b, c)
try(a / b)
format('%s', a)
concat(a, b)
x -> x + 1
(x) -> x
(x, y) -> x + y
() -> 1
transform(a, x -> y -> x + y)
reduce(a, 0, (s, x) -> s + x, s -> s)
filter(a, x -> x IS NOT NULL)
TRIM(a)
TRIM(b FROM a)
TRIM(BOTH FROM a)
TRIM(BOTH 'x' FROM a)
TRIM(LEADING 'x' FROM a)
TRIM(TRAILING b || c FROM a)
TRIM(a, 'x')
TRIM(leading)
trim(both || 'x')
SUBSTRING(a FROM 1)
SUBSTRING(a FROM 1 FOR 2)
SUBSTRING(a, 1, 2)
substring(a || b from c + 1 for d - 1)
POSITION(a IN b)
POSITION('x' || y IN z)
position(a, b)
NORMALIZE(a)
NORMALIZE(a, NFKC)
LISTAGG(a) WITHIN GROUP (ORDER BY a)
LISTAGG(DISTINCT a, ',') WITHIN GROUP (ORDER BY a DESC) FILTER (WHERE b)
LISTAGG(a, ',' ON OVERFLOW ERROR) WITHIN GROUP (ORDER BY a)
LISTAGG(a, ',' ON OVERFLOW TRUNCATE WITH COUNT) WITHIN GROUP (ORDER BY a)
LISTAGG(a, ',' ON OVERFLOW TRUNCATE '...' WITHOUT COUNT) WITHIN GROUP (ORDER BY a)
GROUPING(a)
GROUPING(a, b.c)
RUNNING last(A.x)
FINAL avg(A.x)
running count(A.*)
count(A.*)
m OVER w
m OVER (ORDER BY a)
JSON_EXISTS(a, 'lax $.b')
JSON_EXISTS(a, 'lax $.b' ERROR ON ERROR)
JSON_EXISTS(a FORMAT JSON, 'strict $' PASSING b AS "B", c FORMAT JSON AS d TRUE ON ERROR)
JSON_EXISTS(a, '$' UNKNOWN ON ERROR)
JSON_VALUE(a, 'lax $.b')
JSON_VALUE(a, 'lax $.b' RETURNING bigint)
JSON_VALUE(a, 'lax $.b' RETURNING bigint DEFAULT 0 ON EMPTY)
JSON_VALUE(a, 'lax $.b' NULL ON EMPTY ERROR ON ERROR)
JSON_VALUE(a, 'lax $.b' DEFAULT 1 + 2 ON ERROR)
JSON_VALUE(a FORMAT JSON ENCODING UTF16, 'lax $' AS root)
JSON_QUERY(a, 'lax $.b')
JSON_QUERY(a, 'lax $.b' WITH ARRAY WRAPPER)
JSON_QUERY(a, 'lax $.b' WITHOUT WRAPPER KEEP QUOTES)
JSON_QUERY(a, 'lax $.b' WITH CONDITIONAL ARRAY WRAPPER)
JSON_QUERY(a, 'lax $.b' WITH UNCONDITIONAL WRAPPER)
JSON_QUERY(a, 'lax $.b' RETURNING varchar FORMAT JSON OMIT QUOTES ON SCALAR STRING)
JSON_QUERY(a, 'lax $.b' EMPTY ARRAY ON EMPTY EMPTY OBJECT ON ERROR)
JSON_QUERY(a, 'lax $.b' ERROR ON EMPTY NULL ON ERROR)
JSON_OBJECT()
JSON_OBJECT('a' : 1)
JSON_OBJECT('a' : 1, 'b' : c FORMAT JSON)
JSON_OBJECT(KEY 'a' VALUE 1, 'b' VALUE 2)
JSON_OBJECT('a' : 1 ABSENT ON NULL)
JSON_OBJECT('a' : 1 NULL ON NULL WITH UNIQUE KEYS RETURNING varchar(100))
JSON_OBJECT('a' VALUE 1 WITHOUT UNIQUE)
JSON_OBJECT(RETURNING varbinary FORMAT JSON ENCODING UTF8)
JSON_ARRAY()
JSON_ARRAY(1, 'a', NULL)
JSON_ARRAY(a FORMAT JSON, b NULL ON NULL RETURNING varchar)
JSON_ARRAY(a ABSENT ON NULL)
JSON_ARRAY(RETURNING varchar)
date
time
timestamp
interval
year
values_
_a1
limit
offset
a.limit
over
filter
position
row
array
all
any
some
first
count
if
zone
nulls
key
try_cast
substring
a.all
-a.b
-a[1]
+a || -b
a < b AND c > d
a.b = c.d
f(g(h(a)))
-- comment\n/* block\ncomment */ a
a /* inner */ + /* again */ b
GROUPING(array.c)
(array)[1]
