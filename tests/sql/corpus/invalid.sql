# Statements that Trino 476 rejects, one a line (\n is a line break), each with a tab and the message of Trino's own parser.
SELECT a FORM t	line 1:15: mismatched input 't'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT	line 1:7: mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT * FROM	line 1:14: mismatched input '<EOF>'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>
SELECT * FROM t WHERE	line 1:22: mismatched input '<EOF>'. Expecting: <expression>
SELECT a, FROM t	line 1:11: mismatched input 'FROM'. Expecting: '*', <expression>
SELECT a b c	line 1:12: mismatched input 'c'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT 'abc	line 1:8: mismatched input '''. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT "abc	line 1:8: mismatched input '"'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT ""	line 1:8: Zero-length delimited identifier not allowed
SELECT `a`	line 1:8: backquoted identifiers are not supported; use double quotes to quote identifiers
SELECT 1a	line 1:8: identifiers must not start with a digit; surround the identifier with double quotes
SELECT x'zz'	line 1:8: Binary literal can only contain hexadecimal digits
SELECT x'123'	line 1:8: Binary literal must contain an even number of digits
SELECT X '00'	line 1:8: Spaces are not allowed between 'X' and the starting quote of a binary literal
SELECT 99999999999999999999	line 1:8: Invalid numeric literal: 99999999999999999999
SELECT 9223372036854775808	line 1:8: Invalid numeric literal: 9223372036854775808
SELECT -9223372036854775809	line 1:8: Invalid numeric literal: -9223372036854775809
SELECT a = b = c	line 1:14: mismatched input '='. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>
SELECT a IS NULL IS NULL	line 1:18: mismatched input 'IS'. Expecting: ',', 'AND', 'AS', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>, <identifier>
SELECT a AND	line 1:13: mismatched input '<EOF>'. Expecting: <expression>
SELECT NOT	line 1:11: mismatched input '<EOF>'. Expecting: <expression>
SELECT (1	line 1:10: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>
SELECT 1)	line 1:9: mismatched input ')'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT (1, 2	line 1:13: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>
SELECT f(a,)	line 1:12: mismatched input ')'. Expecting: <expression>
SELECT CASE END	line 1:13: mismatched input 'END'. Expecting: 'WHEN', <expression>
SELECT CASE WHEN a THEN 1	line 1:26: mismatched input '<EOF>'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'ELSE', 'END', 'OR', 'WHEN', '[', '||', <predicate>
SELECT CAST(a AS)	line 1:17: mismatched input ')'. Expecting: <type>
SELECT a BETWEEN 1	line 1:19: mismatched input '<EOF>'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', '[', '||'
SELECT a BETWEEN 1 OR 2	line 1:20: mismatched input 'OR'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', '[', '||'
SELECT a LIKE	line 1:14: mismatched input '<EOF>'. Expecting: <expression>
SELECT EXTRACT(foo FROM a)	line 1:8: Invalid EXTRACT field foo, valid fields are: YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_MONTH, DAY_OF_WEEK, DOW, DAY_OF_YEAR, DOY, YEAR_OF_WEEK, YOW, HOUR, MINUTE, SECOND, TIMEZONE_MINUTE, TIMEZONE_HOUR
SELECT EXTRACT(year a)	line 1:21: mismatched input 'a'. Expecting: 'FROM'
SELECT TRIM(FROM a)	line 1:8: The 'trim' function must have specification, char or both arguments when it takes FROM
SELECT if(a)	line 1:8: Invalid number of arguments for 'if' function
SELECT if(a, b, c) OVER ()	line 1:8: OVER clause not valid for 'if' function
SELECT nullif(a)	line 1:8: Invalid number of arguments for 'nullif' function
SELECT coalesce(a)	line 1:8: The 'coalesce' function must have at least two arguments
SELECT try(a, b)	line 1:8: The 'try' function must have exactly one argument
SELECT format(a)	line 1:8: The 'format' function must have at least two arguments
SELECT count(DISTINCT *)	line 1:23: mismatched input '*'. Expecting: <expression>
SELECT coalesce(DISTINCT a, b)	line 1:8: DISTINCT not valid for 'coalesce' function
SELECT coalesce(a, b) FILTER (WHERE c)	line 1:8: FILTER not valid for 'coalesce' function
SELECT RUNNING if(a, b)	line 1:8: Running or final semantics not valid for 'if' function
SELECT lag(a) IGNORE NULLS	line 1:27: mismatched input '<EOF>'. Expecting: 'OVER'
SELECT listagg(a)	line 1:18: mismatched input '<EOF>'. Expecting: 'WITHIN'
SELECT U&'\00'	line 1:8: Incomplete escape sequence: 00
SELECT U&'\d800'	line 1:8: Invalid escaped character: d800. Escaped character is a surrogate. Use '\+123456' instead.
SELECT U&'\+110000'	line 1:8: Invalid escaped character: 110000
SELECT U&'a' UESCAPE ''	line 1:8: Empty Unicode escape character
SELECT U&'a' UESCAPE '+'	line 1:8: Invalid Unicode escape character: +
SELECT a FROM t GROUP	line 1:22: mismatched input '<EOF>'. Expecting: 'BY'
SELECT a FROM t GROUP BY	line 1:25: mismatched input '<EOF>'. Expecting: '(', 'ALL', 'AUTO', 'CUBE', 'DISTINCT', 'GROUPING', 'ROLLUP', <expression>
SELECT a FROM t ORDER a	line 1:23: mismatched input 'a'. Expecting: 'BY'
SELECT a FROM t ORDER BY	line 1:25: mismatched input '<EOF>'. Expecting: <expression>
SELECT a FROM t LIMIT a	line 1:23: mismatched input 'a'. Expecting: '(', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT a FROM t LIMIT 1 OFFSET 2	line 1:25: mismatched input 'OFFSET'. Expecting: <EOF>
SELECT a FROM t LIMIT -1	line 1:23: mismatched input '-'. Expecting: '(', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT a FROM t FETCH FIRST 5 ONLY	line 1:31: mismatched input 'ONLY'. Expecting: 'ROW', 'ROWS'
SELECT a FROM t HAVING	line 1:23: mismatched input '<EOF>'. Expecting: <expression>
SELECT * FROM a JOIN b ON	line 1:26: mismatched input '<EOF>'. Expecting: <expression>
SELECT * FROM a CROSS JOIN b ON x	line 1:30: mismatched input 'ON'. Expecting: ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>, <identifier>
SELECT * FROM a NATURAL JOIN b ON x	line 1:32: mismatched input 'ON'. Expecting: ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>, <identifier>
SELECT * FROM a LEFT b	line 1:22: mismatched input 'b'. Expecting: 'JOIN', 'OUTER'
SELECT * FROM (SELECT 1	line 1:24: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <identifier>, <predicate>
SELECT * FROM (a, b)	line 1:17: mismatched input ','. Expecting: ')', '.', 'AS', 'CROSS', 'FOR', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'RIGHT', 'TABLESAMPLE', <identifier>
SELECT * FROM t AS	line 1:19: mismatched input '<EOF>'. Expecting: <identifier>
SELECT * FROM t x (a, )	line 1:23: mismatched input ')'. Expecting: <identifier>
SELECT * FROM UNNEST()	line 1:22: mismatched input ')'. Expecting: <expression>
SELECT * FROM t TABLESAMPLE BERNOULLI 10	line 1:39: mismatched input '10'. Expecting: '('
WITH a AS SELECT 1 SELECT 1	line 1:11: mismatched input 'SELECT'. Expecting: '('
SELECT 1 UNION	line 1:15: mismatched input '<EOF>'. Expecting: '(', 'ALL', 'CORRESPONDING', 'DISTINCT', 'SELECT', 'TABLE', 'VALUES'
SELECT 1 UNION ALL	line 1:19: mismatched input '<EOF>'. Expecting: '(', 'CORRESPONDING', 'SELECT', 'TABLE', 'VALUES'
SELECT 1 SELECT 2	line 1:10: mismatched input 'SELECT'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT 1; SELECT 2	line 1:9: mismatched input ';'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT 1;;	line 1:9: mismatched input ';'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
VALUES	line 1:7: mismatched input '<EOF>'. Expecting: <expression>
VALUES ()	line 1:10: mismatched input '<EOF>'. Expecting: '->'
TABLE	line 1:6: mismatched input '<EOF>'. Expecting: <identifier>
TABLE t u	line 1:9: mismatched input 'u'. Expecting: '.', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', <EOF>
(SELECT 1	line 1:10: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <identifier>, <predicate>
(WITH a AS (SELECT 1) SELECT * FROM a)	line 1:2: mismatched input 'WITH'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES'
INSERT t SELECT 1	line 1:8: mismatched input 't'. Expecting: 'INTO'
INSERT INTO t (a b) SELECT 1	line 1:18: mismatched input 'b'. Expecting: ')', ','
DELETE t	line 1:8: mismatched input 't'. Expecting: 'FROM'
UPDATE t a = 1	line 1:10: mismatched input 'a'. Expecting: '.', 'SET'
UPDATE t SET a	line 1:15: mismatched input '<EOF>'. Expecting: '='
CREATE TABLE t	line 1:15: mismatched input '<EOF>'. Expecting: '(', '.', 'AS', 'COMMENT', 'WITH'
CREATE TABLE t (a)	line 1:19: mismatched input '<EOF>'. Expecting: 'AS', 'COMMENT', 'WITH'
CREATE TABLE t (a bigint,)	line 1:26: mismatched input ')'. Expecting: 'LIKE', <identifier>
CREATE TABLE t (a int) WITH (x = 1,)	line 1:36: mismatched input ')'. Expecting: <identifier>
CREATE	line 1:7: mismatched input '<EOF>'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'OR', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'
CREATE OR REPLACE	line 1:18: mismatched input '<EOF>'. Expecting: 'FUNCTION', 'MATERIALIZED', 'TABLE', 'VIEW'
DROP	line 1:5: mismatched input '<EOF>'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'
DROP TABLE	line 1:11: mismatched input '<EOF>'. Expecting: 'IF', <identifier>
ALTER TABLE t	line 1:14: mismatched input '<EOF>'. Expecting: '.', 'ADD', 'ALTER', 'DROP', 'EXECUTE', 'RENAME', 'SET'
SHOW	line 1:5: mismatched input '<EOF>'. Expecting: 'CATALOGS', 'COLUMNS', 'CREATE', 'CURRENT', 'FUNCTIONS', 'GRANTS', 'ROLE', 'ROLES', 'SCHEMAS', 'SESSION', 'STATS', 'TABLES'
SHOW branches FROM t	line 1:6: mismatched input 'branches'. Expecting: 'CATALOGS', 'COLUMNS', 'CREATE', 'CURRENT', 'FUNCTIONS', 'GRANTS', 'ROLE', 'ROLES', 'SCHEMAS', 'SESSION', 'STATS', 'TABLES'
DESCRIBE	line 1:9: mismatched input '<EOF>'. Expecting: 'INPUT', 'OUTPUT', <identifier>
EXPLAIN	line 1:8: mismatched input '<EOF>'. Expecting: '(', 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
EXPLAIN (TYPE foo) SELECT 1	line 1:15: mismatched input 'foo'. Expecting: 'DISTRIBUTED', 'IO', 'LOGICAL', 'VALIDATE'
PREPARE p SELECT 1	line 1:11: mismatched input 'SELECT'. Expecting: 'FROM'
EXECUTE	line 1:8: mismatched input '<EOF>'. Expecting: 'IMMEDIATE', <identifier>
EXECUTE IMMEDIATE 1	line 1:19: mismatched input '1'. Expecting: 'USING', <EOF>
SET SESSION a	line 1:14: mismatched input '<EOF>'. Expecting: '.', '='
SET TIME ZONE	line 1:14: mismatched input '<EOF>'. Expecting: 'LOCAL', <expression>
GRANT SELECT TO u	line 1:7: May not use a privilege name as a role name
USE	line 1:4: mismatched input '<EOF>'. Expecting: <identifier>
USE a.b.c	line 1:8: mismatched input '.'. Expecting: <EOF>
selct 1	line 1:1: mismatched input 'selct'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
foo	line 1:1: mismatched input 'foo'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
1	line 1:1: mismatched input '1'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
;	line 1:1: mismatched input ';'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
*	line 1:1: mismatched input '*'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
SELECT #	line 1:8: mismatched input '#'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT a ! b	line 1:10: mismatched input '!'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT a & b	line 1:10: mismatched input '&'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT a::bigint	line 1:9: mismatched input ':'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT @a	line 1:8: mismatched input '@'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT :a	line 1:8: mismatched input ':'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT {1}	line 1:8: mismatched input '{'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT (a, b) ->	line 1:17: mismatched input '<EOF>'. Expecting: <expression>
SELECT x -> 	line 1:13: mismatched input '<EOF>'. Expecting: <expression>
SELECT a[	line 1:10: mismatched input '<EOF>'. Expecting: <expression>
SELECT a[]	line 1:10: mismatched input ']'. Expecting: <expression>
SELECT a.	line 1:10: mismatched input '<EOF>'. Expecting: '*', <identifier>
SELECT .a	line 1:8: mismatched input '.'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT a..b	line 1:10: mismatched input '.'. Expecting: '*', <identifier>
SELECT count(a, *)	line 1:17: mismatched input '*'. Expecting: <expression>
SELECT sum(a) OVER (ROWS)  x y	line 1:30: mismatched input 'y'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT sum(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING)	line 1:56: mismatched input ')'. Expecting: 'AND'
SELECT timestamp '2020' AT ZONE 'UTC'	line 1:28: mismatched input 'ZONE'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT a AT TIME ZONE b	line 1:23: mismatched input 'b'. Expecting: 'INTERVAL', <string>
-- only a comment	line 1:18: mismatched input '<EOF>'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
SELECT é	line 1:8: mismatched input 'é'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT 😀 x	line 1:8: mismatched input '😀'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT "😀" #	line 1:12: mismatched input '#'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT 'a\n' b c	line 2:5: mismatched input 'c'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT /* open	line 1:8: mismatched input '/'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT a\n  FROM t\n WHER b = 1	line 3:7: mismatched input 'b'. Expecting: '(', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT 1 UNION	line 1:15: mismatched input '<EOF>'. Expecting: '(', 'ALL', 'CORRESPONDING', 'DISTINCT', 'SELECT', 'TABLE', 'VALUES'
EXECUTE	line 1:8: mismatched input '<EOF>'. Expecting: 'IMMEDIATE', <identifier>
CREATE TABLE t	line 1:15: mismatched input '<EOF>'. Expecting: '(', '.', 'AS', 'COMMENT', 'WITH'
SET TIME ZONE	line 1:14: mismatched input '<EOF>'. Expecting: 'LOCAL', <expression>
DESCRIBE	line 1:9: mismatched input '<EOF>'. Expecting: 'INPUT', 'OUTPUT', <identifier>
CREATE	line 1:7: mismatched input '<EOF>'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'OR', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'
SELECT a FROM t GROUP BY	line 1:25: mismatched input '<EOF>'. Expecting: '(', 'ALL', 'AUTO', 'CUBE', 'DISTINCT', 'GROUPING', 'ROLLUP', <expression>
SELECT 9223372036854775808	line 1:8: Invalid numeric literal: 9223372036854775808
( SELECT 1 ORDER BY 1 LIMIT 1 ) UNION UNION ALL ( SELECT 2 LIMIT 1 )	line 1:39: mismatched input 'UNION'. Expecting: '(', 'ALL', 'CORRESPONDING', 'DISTINCT', 'SELECT', 'TABLE', 'VALUES'
SELECT * FROM JSON_TABLE ( a , '$' AS a OR b COLUMNS ( x int ) PLAN ( p OUTER ( ( q CROSS r ) UNION s ) ) )	line 1:41: mismatched input 'OR'. Expecting: 'COLUMNS', 'PASSING'
SELECT a AT TIME ZONE interval hour	line 1:32: mismatched input 'hour'. Expecting: '+', '-', <string>
GRANT SELECT ON a < TO u	line 1:19: mismatched input '<'. Expecting: '.', 'TO'
SELECT CAST ( a AS INVOKER ( a bigint array , timestamp with time zone ) )	line 1:32: mismatched input 'bigint'. Expecting: '(', ')', ',', 'ARRAY'
EXPLAIN ( TYPE TYPE IO , FORMAT JSON ) SELECT 1	line 1:16: mismatched input 'TYPE'. Expecting: 'DISTRIBUTED', 'IO', 'LOGICAL', 'VALIDATE'
DENY key	line 1:9: mismatched input '<EOF>'. Expecting: ',', 'ON'
SELECT * FROM t FOR VERSION AS : 1	line 1:32: mismatched input ':'. Expecting: 'OF'
SELECT a offset offset	line 1:23: mismatched input '<EOF>'. Expecting: '?', <integer>
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH OMIT EMPTY MATCHES AFTER MATCH SKIP TO FIRST A SEEK PATTERN ( PERMUTE ( A ) B C ) { - D - } ( ) ) DEFINE A AS true )	line 1:136: mismatched input '{'. Expecting: 'DEFINE', 'SUBSET'
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a SELECT ( a b bigint DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = a + 1 ; END WHILE ; top : LOOP LEAVE top ; END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 ; END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:61: mismatched input 'SELECT'. Expecting: ',', <type>
SELECT lag ( a ) IGNORE NULLS ( ORDER BY b )	line 1:31: mismatched input '('. Expecting: 'OVER'
SHOW CREATE THEN VIEW v	line 1:13: mismatched input 'THEN'. Expecting: 'FUNCTION', 'MATERIALIZED', 'SCHEMA', 'TABLE', 'VIEW'
SELECT a AT TIME ZONE 'UTC' AT TIME 'America/New_York'	line 1:37: mismatched input ''America/New_York''. Expecting: 'ZONE'
SELECT * FROM ( SELECT 1 ) t ( a ) )	line 1:36: mismatched input ')'. Expecting: ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
CREATE OR REPLACE VIEW a . v COMMENT 'x' INVOKER AS SELECT * FROM t	line 1:42: mismatched input 'INVOKER'. Expecting: 'AS', 'SECURITY', 'WITH'
SELECT a FROM t GROUP BY ( a , b ) ,	line 1:37: mismatched input '<EOF>'. Expecting: '(', 'AUTO', 'CUBE', 'GROUPING', 'ROLLUP', <expression>
SELECT * FROM a JOIN ( b JOIN c ON x x ) ON y	line 1:38: mismatched input 'x'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'NATURAL', 'OR', 'RIGHT', '[', '||', <predicate>
SELECT filter ( a , x -> x IS NOT )	line 1:35: mismatched input ')'. Expecting: 'DISTINCT', 'NULL'
SELECT a LIKE 'x!%' 'x!%' ESCAPE '!'	line 1:21: mismatched input ''x!%''. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'ESCAPE', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>
SELECT JSON_EXISTS ( a , '$' ON ERROR )	line 1:30: mismatched input 'ON'. Expecting: ')', 'AS', 'ERROR', 'FALSE', 'PASSING', 'TRUE', 'UNKNOWN'
MERGE INTO t x USING u	line 1:23: mismatched input '<EOF>'. Expecting: '.', 'AS', 'CROSS', 'FOR', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'ON', 'RIGHT', 'TABLESAMPLE', <identifier>
SELECT 1 ,	line 1:11: mismatched input '<EOF>'. Expecting: '*', <expression>
SELECT extract ( DAY FROM interval '1' day day )	line 1:44: mismatched input 'day'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AT', 'TO', '[', '||'
SELECT JSON_EXISTS ( a FORMAT JSON , 'strict $' PASSING b AS "B" , c FORMAT AS d TRUE ON ERROR )	line 1:77: mismatched input 'AS'. Expecting: 'JSON'
SELECT a FROM t GROUP BY a HAVING count ( * ) > ARRAY 1	line 1:55: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>
SET TIME FILTER 'UTC'	line 1:10: mismatched input 'FILTER'. Expecting: 'ZONE'
EXPLAIN ( FORMAT HAVING count ) SELECT 1	line 1:18: mismatched input 'HAVING'. Expecting: 'GRAPHVIZ', 'JSON', 'TEXT'
MERGE 1 _0 . 5 _0	line 1:7: mismatched input '1'. Expecting: 'INTO'
SELECT * FROM t LEFT HOUR JOIN UNNEST ( t . a ) ON true	line 1:22: mismatched input 'HOUR'. Expecting: 'JOIN', 'OUTER'
REFRESH REFRESH MATERIALIZED VIEW v	line 1:9: mismatched input 'REFRESH'. Expecting: 'MATERIALIZED'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN ( p OUTER ( ( q CROSS r ) RENAME s ) ) )	line 1:90: mismatched input 'RENAME'. Expecting: 'CROSS', 'UNION'
SELECT a t FROM HAVING true	line 1:17: mismatched input 'HAVING'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>
SELECT a .	line 1:11: mismatched input '<EOF>'. Expecting: '*', <identifier>
SELECT a FROM t ORDER BY a ASC , b DESC PERMUTE , c NULLS FIRST , d DESC NULLS LAST	line 1:41: mismatched input 'PERMUTE'. Expecting: ',', 'FETCH', 'LIMIT', 'NULLS', 'OFFSET', <EOF>
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING varchar FORMAT JSON QUOTES ON SCALAR STRING )	line 1:65: mismatched input 'QUOTES'. Expecting: ')', 'EMPTY', 'ENCODING', 'ERROR', 'KEEP', 'NULL', 'OMIT', 'WITH', 'WITHOUT'
SELECT NORMALIZE ( a , , NFKC )	line 1:24: mismatched input ','. Expecting: 'NFC', 'NFD', 'NFKC', 'NFKD'
ALTER TABLE t SET ROLE r	line 1:19: mismatched input 'ROLE'. Expecting: 'AUTHORIZATION', 'PROPERTIES'
WITH FUNCTION f ( ) RETURNS bigint LANGUAGE PYTHON WITH ( handler = 'h' ) AS $$\ndef h(): return 1; 'x'\n$$	line 3:3: mismatched input '<EOF>'. Expecting: ',', <query>
SELECT JSON_EXISTS ( a FORMAT JSON 'strict $' PASSING b AS "B" , c FORMAT JSON AS d TRUE ON ERROR )	line 1:36: mismatched input ''strict $''. Expecting: ',', 'ENCODING'
SELECT X '0A1b' - 1.50	line 1:8: Spaces are not allowed between 'X' and the starting quote of a binary literal
SELECT CASE WHEN a THEN 1 ELSE 2 MINUTE END	line 1:34: mismatched input 'MINUTE'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'END', 'OR', '[', '||', <predicate>
SHOW ROLE LIKE 'x%'	line 1:11: mismatched input 'LIKE'. Expecting: 'GRANTS'
SELECT * FROM t FOR AS OF TIMESTAMP '2024-01-01 00:00:00' AS u	line 1:21: mismatched input 'AS'. Expecting: 'TIMESTAMP', 'VERSION'
SELECT * FROM ( ( SELECT 1 ) t	line 1:31: mismatched input '<EOF>'. Expecting: '(', ')', 'CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'RIGHT', 'TABLESAMPLE'
SELECT * FROM TABLE ( f ( TABLE ( ) PARTITION BY ( ) , a => 1 COPARTITION ( t , u ) , ( v , w , x ) ) )	line 1:35: mismatched input ')'. Expecting: <identifier>, <query>
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH OMIT EMPTY MATCHES AFTER MATCH SKIP FIRST TO A SEEK PATTERN ( PERMUTE ( A , B C ) { - D - } ( ) ) DEFINE A AS true )	line 1:90: mismatched input 'FIRST'. Expecting: 'PAST', 'TO'
SELECT OVER ( PARTITION LIKE b || '%'	line 1:38: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'ESCAPE', 'OR', 'ORDER', '[', '||'
SELECT JSON_OBJECT ( RETURNING varbinary FORMAT JSON ENCODING )	line 1:63: mismatched input ')'. Expecting: 'UTF16', 'UTF32', 'UTF8'
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING varchar FORMAT JSON OMIT QUOTES SCALAR STRING )	line 1:77: mismatched input 'SCALAR'. Expecting: ')', 'EMPTY', 'ERROR', 'NULL', 'ON'
SELECT CAST ( a AS map < varchar , array array < bigint > > )	line 1:48: mismatched input '<'. Expecting: '>', 'ARRAY', '['
SELECT count ( * ) FILTER ( a > 1 )	line 1:29: mismatched input 'a'. Expecting: 'WHERE'
SELECT NOT EXISTS ( SELECT * FROM t IS t . a = u . a )	line 1:37: mismatched input 'IS'. Expecting: ')', ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <identifier>
SELECT CAST ( a AS map < varchar , array < bigint > )	line 1:53: mismatched input ')'. Expecting: '>', 'ARRAY'
COMMIT MATCH	line 1:8: mismatched input 'MATCH'. Expecting: 'WORK', <EOF>
SELECT * FROM a JOIN b ON a . x = b SETS . x	line 1:37: mismatched input 'SETS'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'NATURAL', 'OFFSET', 'OR', 'ORDER', 'RIGHT', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>
'multi\nline' WORK	line 1:1: mismatched input ''multi\nline''. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN ( p INNER q ) OPTION )	line 1:78: mismatched input 'OPTION'. Expecting: ')', 'EMPTY', 'ERROR'
SHOW CURRENT CURRENT ROLES FROM c	line 1:14: mismatched input 'CURRENT'. Expecting: 'ROLES'
ALTER TABLE t RENAME COLUMN a b	line 1:31: mismatched input 'b'. Expecting: '.', 'TO'
SELECT CAST ( a AS ) ) ) ( bigint , varchar ) )	line 1:20: mismatched input ')'. Expecting: <type>
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING varchar FORMAT JSON QUOTES OMIT ON SCALAR STRING )	line 1:65: mismatched input 'QUOTES'. Expecting: ')', 'EMPTY', 'ENCODING', 'ERROR', 'KEEP', 'NULL', 'OMIT', 'WITH', 'WITHOUT'
SELECT LOCALTIME 0 )	line 1:18: mismatched input '0'. Expecting: '%', '(', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH AFTER MATCH TO A PATTERN ( A | B | C D ) DEFINE A AS true )	line 1:66: mismatched input 'TO'. Expecting: 'SKIP'
SELECT * FROM t FOR VERSION OF 1	line 1:29: mismatched input 'OF'. Expecting: 'AS'
SELECT JSON_QUERY ( a , 'lax $.b' EMPTY ARRAY ON CAST EMPTY EMPTY OBJECT ON ERROR )	line 1:50: mismatched input 'CAST'. Expecting: 'EMPTY', 'ERROR'
ALTER TABLE t ADD COLUMN COLUMN a bigint FIRST	line 1:35: mismatched input 'bigint'. Expecting: '(', 'AFTER', 'ARRAY', 'COMMENT', 'FIRST', 'LAST', 'NOT', 'WITH', <EOF>
SELECT TRIM ( LEADING 2 ON ERROR FROM a )	line 1:25: mismatched input 'ON'. Expecting: '%', '*', '+', '-', '.', '/', 'AT', 'FROM', '[', '||'
UPDATE a $$\ndef h(): return 1; 'x'\n$$ b . t SET a = b + 1 , c = DEFAULT_ WHERE d	line 1:10: mismatched input '$$\ndef h(): return 1; 'x'\n$$'. Expecting: '.', 'SET'
SELECT CAST ( a AS bigint array NONE )	line 1:33: mismatched input 'NONE'. Expecting: ')', 'ARRAY', '['
SELECT a AT TIME ZONE 'UTC' AT TIME ZONE	line 1:41: mismatched input '<EOF>'. Expecting: 'INTERVAL', <string>
SELECT JSON_OBJECT ( 'a' : 1 NULL ON NULL WITH UNIQUE KEYS RETURNING varchar ( 100 )	line 1:85: mismatched input '<EOF>'. Expecting: ')', 'ARRAY', 'FORMAT'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) ( p OUTER ( ( q CROSS r ) UNION s ) ) )	line 1:59: mismatched input '('. Expecting: ')', 'EMPTY', 'ERROR', 'PLAN'
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING FORMAT JSON OMIT QUOTES ON SCALAR STRING )	line 1:52: mismatched input 'JSON'. Expecting: '(', ')', 'ARRAY', 'EMPTY', 'ERROR', 'FORMAT', 'KEEP', 'NULL', 'OMIT', 'WITH', 'WITHOUT'
SELECT LOCALTIME LOCALTIME	line 1:18: mismatched input 'LOCALTIME'. Expecting: '%', '(', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
CREATE TABLE t AS ( SELECT 1 ) UNION SELECT 2 )	line 1:47: mismatched input ')'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', 'WITH', '[', '||', <EOF>, <identifier>, <predicate>
CREATE OR REPLACE MATERIALIZED VIEW IF NOT EXISTS a . v GRACE PERIOD INTERVAL '1' DAY COMMENT 'x' WITH ( a = 1 ) AS 1 SELECT	line 1:117: mismatched input '1'. Expecting: 'WITH', <query>
SELECT f ORDER BY a )	line 1:21: mismatched input ')'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'ASC', 'AT', 'DESC', 'FETCH', 'LIMIT', 'NULLS', 'OFFSET', 'OR', '[', '||', <EOF>, <predicate>
SHOW SCHEMAS AFTER FROM c LIKE 'x%'	line 1:14: mismatched input 'AFTER'. Expecting: 'FROM', 'IN', 'LIKE', <EOF>
SELECT CAST ( a AS interval day to second LOGICAL )	line 1:43: mismatched input 'LOGICAL'. Expecting: ')', 'ARRAY'
SELECT a FROM t GROUP BY ROLLUP ( a , )	line 1:39: mismatched input ')'. Expecting: '(', <expression>
MERGE INTO t USING u ON t . a = u . a WHEN MATCHED THEN DELETE DELETE	line 1:64: mismatched input 'DELETE'. Expecting: 'WHEN', <EOF>
SELECT JSON_QUERY ( a , WITH UNCONDITIONAL WRAPPER )	line 1:25: mismatched input 'WITH'. Expecting: <string>
ALTER MATERIALIZED VIEW v SET PROPERTIES a =	line 1:45: mismatched input '<EOF>'. Expecting: 'DEFAULT', <expression>
SELECT "f" (	line 1:13: mismatched input '<EOF>'. Expecting: ')', '*', 'ALL', 'DISTINCT', 'ORDER', <expression>
SELECT a FROM t WHERE SET b	line 1:27: mismatched input 'b'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>, <predicate>
SELECT JSON_OBJECT ( 'a' VALUE 1 WITHOUT UNIQUE	line 1:48: mismatched input '<EOF>'. Expecting: ')', 'KEYS', 'RETURNING'
SELECT [ ( )	line 1:13: mismatched input '<EOF>'. Expecting: '->'
CREATE TABLE IF NOT EXISTS t AS WITH x AS ( SELECT 1 ) SELECT * UESCAPE x	line 1:65: mismatched input 'UESCAPE'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', 'WITH', <EOF>
SELECT a FROM t ORDER BY a ASC , b DESC , c NULLS FIRST , d DESC NULLS	line 1:71: mismatched input '<EOF>'. Expecting: 'FIRST', 'LAST'
ALTER TABLE t ALTER COLUMN a DROP NULL	line 1:35: mismatched input 'NULL'. Expecting: 'NOT'
GRANT r TO	line 1:11: mismatched input '<EOF>'. Expecting: 'ROLE', 'USER', <identifier>
SELECT 'multi\nline' 'multi\nline'	line 2:7: mismatched input ''multi\nline''. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT JSON_VALUE ( a , 'lax $.b' DEFAULT 1 + 2 INITIAL ERROR )	line 1:49: mismatched input 'INITIAL'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'ON', 'OR', '[', '||', <predicate>
SELECT X X '0a 1b\n 2c'	line 1:12: mismatched input ''0a 1b\n 2c''. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT LISTAGG ( a , ',' CALLED ON OVERFLOW TRUNCATE '...' WITHOUT COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:26: mismatched input 'CALLED'. Expecting: ')', 'ON'
SELECT JSON_VALUE ( a FORMAT JSON ENCODING UTF16 TRY_CAST 'lax $' AS root )	line 1:50: mismatched input 'TRY_CAST'. Expecting: ','
SELECT LISTAGG ( a , ',' ON OVERFLOW b ) WITHIN GROUP ( ORDER BY a )	line 1:38: mismatched input 'b'. Expecting: 'ERROR', 'TRUNCATE'
SELECT * FROM TABLE ( f ) )	line 1:25: mismatched input ')'. Expecting: '(', '.'
MERGE INTO t x USING u CROSS JOIN v NESTED true WHEN NOT MATCHED THEN INSERT VALUES ( 1 )	line 1:44: mismatched input 'true'. Expecting: '(', 'CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'ON', 'RIGHT', 'TABLESAMPLE'
SELECT LISTAGG ( a , ',' ',' ON OVERFLOW ERROR ) WITHIN GROUP ( ORDER BY a )	line 1:26: mismatched input '',''. Expecting: ')', 'ON'
CREATE ROLE r ADMIN CURRENT_USER	line 1:15: mismatched input 'ADMIN'. Expecting: 'IN', 'WITH', <EOF>
EXPLAIN ( TYPE IO , FORMAT AS SELECT ) SELECT 1	line 1:28: mismatched input 'AS'. Expecting: 'GRAPHVIZ', 'JSON', 'TEXT'
SELECT f UNION ( * )	line 1:18: mismatched input '*'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES'
SELECT ( VALUES 1	line 1:18: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', '[', '||', <predicate>
SELECT * FROM t MATCH_RECOGNIZE ( PARTITION BY a , b ORDER BY c DESC MEASURES A . x AS y , RUNNING last ( B . z ) AS w ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN ( A B + C * ? D { 2 } E { 1 , } F { , 3 } G { 1 , 2 } ? ( H | I ) ) SUBSET U = ( A , B ) , V = ( C ) CURRENT_SCHEMA A AS x > 1 , B AS B . x > prev ( B . x ) ) AS m ( p , q )	line 1:278: mismatched input 'CURRENT_SCHEMA'. Expecting: ',', 'DEFINE'
COMMIT * FROM t FOR VERSION AS OF 1	line 1:8: mismatched input '*'. Expecting: 'WORK', <EOF>
REFRESH SELECT a < SOME ( VALUES 1 , 2 )	line 1:9: mismatched input 'SELECT'. Expecting: 'MATERIALIZED'
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS JOIN MATCH WITH UNMATCHED ROWS AFTER MATCH SKIP TO LAST A PATTERN ( A ? ? | B + ? | ( C D ) * ) DEFINE A AS count ( A . * ) > 1 )	line 1:44: mismatched input 'JOIN'. Expecting: 'PER'
SELECT JSON_EXISTS ( a FORMAT JSON , 'strict $' DROP b AS "B" , c FORMAT JSON AS d TRUE ON ERROR )	line 1:49: mismatched input 'DROP'. Expecting: ')', 'AS', 'ERROR', 'FALSE', 'PASSING', 'TRUE', 'UNKNOWN'
CREATE CATALOG c hive	line 1:18: mismatched input 'hive'. Expecting: 'USING'
SELECT JSON_ARRAY ( a FORMAT JSON UNNEST , b NULL ON NULL RETURNING varchar )	line 1:35: mismatched input 'UNNEST'. Expecting: ')', ',', 'ABSENT', 'ENCODING', 'NULL', 'RETURNING'
ALTER TABLE t ALTER COLUMN a b . SET DATA TYPE array ( varchar )	line 1:30: mismatched input 'b'. Expecting: '.', 'DROP', 'SET'
SELECT JSON_QUERY ( a , 'lax $.b' WITHOUT WRAPPER KEEP QUOTES	line 1:62: mismatched input '<EOF>'. Expecting: ')', 'EMPTY', 'ERROR', 'NULL', 'ON'
REVOKE ADMIN OPTION FOR r , s USER u GRANTED BY x IN c	line 1:31: mismatched input 'USER'. Expecting: ',', 'FROM'
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE	line 1:46: mismatched input '<EOF>'. Expecting: 'WITH', 'WITHOUT', <string>
SELECT sum ( a ) OVER ( ORDER BY b RANGE BETWEEN	line 1:49: mismatched input '<EOF>'. Expecting: 'CURRENT', 'UNBOUNDED', <expression>
SELECT JSON_OBJECT ( 'a' VALUE 1 WITHOUT UNIQUE * )	line 1:49: mismatched input '*'. Expecting: ')', 'KEYS', 'RETURNING'
SELECT JSON_VALUE ( a FORMAT JSON ENCODING UTF16 ( a 'lax $' AS root )	line 1:50: mismatched input '('. Expecting: ','
SELECT * FROM t MATCH_RECOGNIZE ( PARTITION BY a , b ORDER BY c DESC MEASURES A . x AS y , RUNNING last ( B . z ) AS w ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN ( A B + C * ? D { 2 E { 1 , } F { , 3 } G { 1 , 2 } ? ( H | I ) ) SUBSET U = ( A , B ) , V = ( C ) DEFINE A AS x > 1 , B AS B . x > prev ( B . x ) ) AS m ( p , q )	line 1:197: mismatched input 'E'. Expecting: ',', '}'
SHOW CREATE CREATE TABLE t	line 1:13: mismatched input 'CREATE'. Expecting: 'FUNCTION', 'MATERIALIZED', 'SCHEMA', 'TABLE', 'VIEW'
ALTER TABLE t RENAME SEEK COLUMN a TO b	line 1:22: mismatched input 'SEEK'. Expecting: 'COLUMN', 'TO'
SELECT JSON_QUERY ( a , 'lax $.b' WITHOUT WRAPPER WRAPPER KEEP QUOTES )	line 1:51: mismatched input 'WRAPPER'. Expecting: ')', 'EMPTY', 'ERROR', 'KEEP', 'NULL', 'OMIT'
CREATE ROLE r WITH ADMIN	line 1:25: mismatched input '<EOF>'. Expecting: 'CURRENT_ROLE', 'CURRENT_USER', 'ROLE', 'USER', <identifier>
SELECT * FROM t , JSON_TABLE ( t . a , 'lax $' PASSING b AS c COLUMNS ( PATH 'lax $.x' AS n COLUMNS ( x bigint ) , NESTED 'lax $.y' COLUMNS ( y bigint ) ) PLAN DEFAULT ( INNER , CROSS ) EMPTY ON ERROR ) AS j	line 1:78: mismatched input ''lax $.x''. Expecting: 'FOR', <type>
SET TIME ZONE SELECT a limit	line 1:15: mismatched input 'SELECT'. Expecting: 'LOCAL', <expression>
SELECT a FROM t ORDER BY a ASC , b DESC , c NULLS FIRST d , DESC NULLS LAST	line 1:57: mismatched input 'd'. Expecting: ',', 'FETCH', 'LIMIT', 'OFFSET', <EOF>
SHOW GRANTS ORDER ON TABLE t	line 1:13: mismatched input 'ORDER'. Expecting: 'ON', <EOF>
DENY PRIVILEGES ALL ON SCHEMA s TO USER u	line 1:17: mismatched input 'ALL'. Expecting: ',', 'ON'
MERGE INTO t x USING u CROSS JOIN v ON true WHEN NOT MATCHED THEN	line 1:66: mismatched input '<EOF>'. Expecting: 'INSERT'
ALTER TABLE t SET HAVING a = 1 , "b" = DEFAULT	line 1:19: mismatched input 'HAVING'. Expecting: 'AUTHORIZATION', 'PROPERTIES'
SELECT sum ( a ) OVER w FROM t WINDOW w AS ( PARTITION BY b RIGHT	line 1:61: mismatched input 'RIGHT'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'GROUPS', 'MEASURES', 'OR', 'ORDER', 'RANGE', 'ROWS', '[', '||', <predicate>
CREATE TABLE t SELECT 1 a	line 1:16: mismatched input 'SELECT'. Expecting: '(', '.', 'AS', 'COMMENT', 'WITH'
ALTER TABLE t ALTER COLUMN a DROP NOT	line 1:38: mismatched input '<EOF>'. Expecting: 'NULL'
SELECT a FROM t FETCH FIRST FIRST ROW ONLY	line 1:29: mismatched input 'FIRST'. Expecting: '?', 'ROW', 'ROWS', <integer>
START TRANSACTION ISOLATION LEVEL REPEATABLE REPEATABLE READ , READ WRITE	line 1:46: mismatched input 'REPEATABLE'. Expecting: 'READ'
SHOW COLUMNS	line 1:13: mismatched input '<EOF>'. Expecting: 'FROM', 'IN'
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH OMIT EMPTY MATCHES AFTER MATCH SKIP TO FIRST A SEEK PATTERN ( PERMUTE ( A , B C WRITE { - D - } ( ) ) DEFINE A AS true )	line 1:142: mismatched input '-'. Expecting: ',', <integer>
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int )	line 1:58: mismatched input '<EOF>'. Expecting: ')', 'EMPTY', 'ERROR', 'PLAN'
RESET a	line 1:7: mismatched input 'a'. Expecting: 'SESSION'
ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS a varchar NOT NULL 'x' WITH ( p = 1 )	line 1:69: mismatched input ''x''. Expecting: 'AFTER', 'COMMENT', 'FIRST', 'LAST', 'WITH', <EOF>
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) ) PLAN ( p ) )	line 1:72: mismatched input ')'. Expecting: ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT NFKC ( a , 'lax $.b' WITH ARRAY WRAPPER )	line 1:29: mismatched input 'WITH'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', 'ORDER', '[', '||', <predicate>
MERGE INTO a . t AS x OMIT ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u . c THEN INSERT ( a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT VALUES ( u . a , DEFAULT_ )	line 1:23: mismatched input 'OMIT'. Expecting: 'USING'
SELECT interval '3' hour JSON_ARRAY minute	line 1:26: mismatched input 'JSON_ARRAY'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'TO', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT * FROM t AS u MATCH_RECOGNIZE ( ALL ROWS PER MATCH SHOW a MATCHES AFTER MATCH SKIP TO NEXT ROW INITIAL PATTERN ( ^ A $ ) DEFINE A AS true ) m	line 1:64: mismatched input 'a'. Expecting: 'EMPTY'
SELECT JSON_QUERY ( a , 'lax $.b' ON ERROR EMPTY NULL ON ERROR )	line 1:35: mismatched input 'ON'. Expecting: ')', 'AS', 'EMPTY', 'ERROR', 'KEEP', 'NULL', 'OMIT', 'PASSING', 'RETURNING', 'WITH', 'WITHOUT'
START NFD	line 1:7: mismatched input 'NFD'. Expecting: 'TRANSACTION'
SELECT JSON_ARRAY ( RETURNING varchar	line 1:38: mismatched input '<EOF>'. Expecting: '(', ')', 'ARRAY', 'FORMAT'
SELECT ( ( SELECT 1 ) UNION ( SELECT 2 ) SESSION	line 1:42: mismatched input 'SESSION'. Expecting: ')', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION'
SELECT * FROM TABLE ( f ( TABLE ( t SCHEMAS ) PARTITION BY ( ) , a => 1 COPARTITION ( t , u ) , ( v , w , x ) ) )	line 1:37: mismatched input 'SCHEMAS'. Expecting: ')', '.'
SELECT ( a , b IN ( ( 1 , 2 ) , ( 3 , 4 ) )	line 1:44: mismatched input '<EOF>'. Expecting: ')', ',', 'AND', 'OR'
EXPLAIN ( SELECT sum ( LOGICAL ) SELECT 1	line 1:34: mismatched input 'SELECT'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FILTER', 'FROM', 'GROUP', 'HAVING', 'IGNORE', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'OVER', 'RESPECT', 'UNION', 'WHERE', 'WINDOW', '[', '||', <identifier>, <predicate>
DEALLOCATE if	line 1:12: mismatched input 'if'. Expecting: 'PREPARE'
SELECT CAST ( a AS array < bigint bigint > )	line 1:35: mismatched input 'bigint'. Expecting: '(', '>', 'ARRAY'
ALTER MATERIALIZED VIEW v PROPERTIES a = 1	line 1:27: mismatched input 'PROPERTIES'. Expecting: '.', 'RENAME', 'SET'
COMMENT ON COLUMN . b . c IS 'x'	line 1:19: mismatched input '.'. Expecting: <identifier>
SELECT * FROM t FOR VERSION AS OF 'tag' UESCAPE JOIN u ON a = b	line 1:41: mismatched input 'UESCAPE'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AS', 'AT', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>
SELECT a FROM t OFFSET 2 ROWS FETCH FIRST ? ROWS PARTITION	line 1:50: mismatched input 'PARTITION'. Expecting: 'ONLY', 'WITH'
SELECT m OVER w FROM t WINDOW w AS ( ORDER BY a MEASURES last ( x ) AS m ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING AFTER MATCH SKIP NEXT ROW SEEK PATTERN ( A B * ) SUBSET U = ( A , B ) DEFINE B AS x > 1 )	line 1:140: mismatched input 'NEXT'. Expecting: 'PAST', 'TO'
WITH FUNCTION f ( x bigint ) RETURNS bigint RETURN x + 1 * f ( 1 )	line 1:67: mismatched input '<EOF>'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AT', 'FILTER', 'IGNORE', 'OVER', 'RESPECT', '[', '||', <query>
SELECT JSON_OBJECT ( 'a' VALUE 1 WITHOUT WITHOUT UNIQUE )	line 1:42: mismatched input 'WITHOUT'. Expecting: 'UNIQUE'
SELECT CAST ( a AS interval year DAY to month )	line 1:34: mismatched input 'DAY'. Expecting: ')', 'ARRAY', 'TO'
EXPLAIN ( FORMAT GRAPHVIZ GRAPHVIZ ) SELECT 1	line 1:27: mismatched input 'GRAPHVIZ'. Expecting: ')', ','
SELECT JSON_QUERY ( a , 'lax $.b' WITH JOIN ARRAY WRAPPER )	line 1:40: mismatched input 'JOIN'. Expecting: 'ARRAY', 'CONDITIONAL', 'UNCONDITIONAL', 'WRAPPER'
EXPLAIN ( TYPE DISTRIBUTED , TEXT ) INSERT INTO t SELECT 1	line 1:30: mismatched input 'TEXT'. Expecting: 'FORMAT', 'TYPE'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN ( p OUTER ( ( q CROSS r UNION s ) ) )	line 1:88: mismatched input 'UNION'. Expecting: ')', 'CROSS'
SELECT JSON_OBJECT ( 'a' : 1 , , 'b' : c FORMAT JSON )	line 1:32: mismatched input ','. Expecting: 'KEY', <expression>
SET NONE IN c	line 1:5: mismatched input 'NONE'. Expecting: 'PATH', 'ROLE', 'SESSION', 'TIME'
SELECT JSON_VALUE ( a , 'lax $.b' RETURNING bigint DEFAULT 0 EMPTY )	line 1:62: mismatched input 'EMPTY'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'ON', 'OR', '[', '||', <predicate>
SHOW TABLES FROM a RETURN b	line 1:20: mismatched input 'RETURN'. Expecting: '.', 'LIKE', <EOF>
SELECT * FROM t match_recognize ( , a b )	line 1:35: mismatched input ','. Expecting: 'AFTER', 'ALL', 'INITIAL', 'MEASURES', 'ONE', 'ORDER', 'PARTITION', 'PATTERN', 'SEEK'
SELECT * FROM t CROSS CONSTRAINT UNNEST ( t . a ) AS u ( x )	line 1:23: mismatched input 'CONSTRAINT'. Expecting: 'JOIN'
COMMENT ON VIEW v IS a	line 1:22: mismatched input 'a'. Expecting: 'NULL', <string>
UPDATE t SET a WINDOW = 1	line 1:16: mismatched input 'WINDOW'. Expecting: '='
EXECUTE p USING 1 1 , 'x' , DATE '2024-01-01'	line 1:19: mismatched input '1'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>
SELECT a FROM t GROUP BY WITH	line 1:26: mismatched input 'WITH'. Expecting: '(', 'ALL', 'AUTO', 'CUBE', 'DISTINCT', 'GROUPING', 'ROLLUP', <expression>
SELECT NOT a =	line 1:15: mismatched input '<EOF>'. Expecting: 'ALL', 'ANY', 'SOME', <expression>
SELECT ( OR b ) AND ( c OR d )	line 1:10: mismatched input 'OR'. Expecting: ')', <expression>, <query>
SELECT a [ 1 1 ]	line 1:14: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', 'AT', '[', ']', '||'
SET TIME ZONE 'UTC' 'UTC'	line 1:21: mismatched input ''UTC''. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>
SELECT CAST ( a AS function ( bigint , JSON_EXISTS ) )	line 1:40: mismatched input 'JSON_EXISTS'. Expecting: <integer>, <type>
ALTER TABLE a RENAME SYSTEM TO b	line 1:22: mismatched input 'SYSTEM'. Expecting: 'COLUMN', 'TO'
SELECT a BETWEEN 1 2 AND	line 1:20: mismatched input '2'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', '[', '||'
ALTER	line 1:6: mismatched input '<EOF>'. Expecting: 'MATERIALIZED', 'SCHEMA', 'TABLE', 'VIEW', <identifier>
CREATE SCHEMA IF NOT EXISTS EMPTY a . s AUTHORIZATION USER u WITH ( location = 'x' , p = 1 + 2 , d = DEFAULT )	line 1:35: mismatched input 'a'. Expecting: '.', 'AUTHORIZATION', 'WITH', <EOF>
SELECT m OVER w FROM t WINDOW w AS ( ORDER BY a MEASURES last ( x ) AS m ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING AFTER MATCH SKIP TO NEXT ROW SEEK PATTERN ( A B * ) SUBSET U = ( A , B ) DEFINE B AS x > 1	line 1:213: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||'
SELECT * FROM ( ( VALUES 1 ) ORDER BY 1 1 )	line 1:41: mismatched input '1'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'ASC', 'AT', 'DESC', 'FETCH', 'LIMIT', 'NULLS', 'OFFSET', 'OR', '[', '||', <predicate>
SELECT * FROM t AS u MATCH_RECOGNIZE ( ALL ROWS PER MATCH SHOW EMPTY MATCHES AFTER MATCH SKIP TO NEXT ROW INITIAL ( ^ A $ ) DEFINE A AS true ) m	line 1:115: mismatched input '('. Expecting: 'PATTERN'
GRANT a AND b AND c	line 1:9: mismatched input 'AND'. Expecting: ',', 'ON', 'TO'
SELECT CAST ( a AS row ( a array ( ( b map ( varchar , bigint ) ) ) ) )	line 1:36: mismatched input '('. Expecting: <integer>, <type>
SELECT ( ( WITH AS ( SELECT 1 ) SELECT * FROM x ) )	line 1:17: mismatched input 'AS'. Expecting: 'RECURSIVE', <identifier>
SELECT * FROM TABLE ( f ( TABLE ( t ) AS u ( x ) PARTITION BY ( a , b ) KEEP WHEN EMPTY ORDER BY ( c , d DESC ) DESCRIBE , DESCRIPTOR ( x , y bigint ) ) )	line 1:113: mismatched input 'DESCRIBE'. Expecting: ')', ',', 'COPARTITION'
SELECT * FROM t AS u TABLESAMPLE TABLE ( a + 1 )	line 1:34: mismatched input 'TABLE'. Expecting: 'BERNOULLI', 'SYSTEM'
SELECT JSON_OBJECT ( 'a' : 1 ABSENT NULL )	line 1:37: mismatched input 'NULL'. Expecting: 'ON'
SELECT a FROM t WHERE b = 1 c AND LIKE 'x%'	line 1:29: mismatched input 'c'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>
TRUNCATE	line 1:9: mismatched input '<EOF>'. Expecting: 'TABLE'
COMMENT ON COLUMN a . b	line 1:24: mismatched input '<EOF>'. Expecting: '.', 'IS'
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING varchar FORMAT JSON OMIT ON QUOTES SCALAR STRING )	line 1:70: mismatched input 'ON'. Expecting: 'QUOTES'
WITH RECURSIVE t ( n ) AS ( VALUES 1	line 1:37: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', '[', '||', <predicate>
TABLE t ORDER BY a NULLS LIMIT 5	line 1:26: mismatched input 'LIMIT'. Expecting: 'FIRST', 'LAST'
EXECUTE IMMEDIATE ISOLATION 'SELECT 1'	line 1:19: mismatched input 'ISOLATION'. Expecting: 'USING', <EOF>
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a , b bigint DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = a + 1 ; END WHILE ; top : LOOP LEAVE top ; END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 AND b END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:402: mismatched input 'AND'. Expecting: '%', '*', '+', '-', '.', '/', ';', 'AT', '[', '||'
ALTER MATERIALIZED VIEW IF EXISTS RENAME v TO w	line 1:42: mismatched input 'v'. Expecting: '.', 'RENAME'
SELECT row ( CASE	line 1:18: mismatched input '<EOF>'. Expecting: 'WHEN', <expression>
DROP FUNCTION f (	line 1:18: mismatched input '<EOF>'. Expecting: ')', <type>
SHOW TABLES IN a LIKE 'x%' '!'	line 1:28: mismatched input ''!''. Expecting: 'ESCAPE', <EOF>
START TRANSACTION ISOLATION LEVEL READ , READ WRITE	line 1:40: mismatched input ','. Expecting: 'COMMITTED', 'UNCOMMITTED'
DROP c	line 1:6: mismatched input 'c'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'
SELECT SECURITY X '0a 1b\n 2c'	line 1:19: mismatched input ''0a 1b\n 2c''. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT CASE a WHEN 1 'x' THEN END	line 1:22: mismatched input ''x''. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', 'THEN', '[', '||', <predicate>
SHOW STATS FOR ( SELECT * FROM t a > 1 )	line 1:36: mismatched input '>'. Expecting: '(', ')', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW'
CREATE TABLE t AS SELECT LOGICAL 1 a	line 1:34: mismatched input '1'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', 'WITH', '[', '||', <EOF>, <identifier>, <predicate>
SELECT JSON_OBJECT ( KEY 'a' VALUE 1 , 'b' 2 )	line 1:44: mismatched input '2'. Expecting: '%', '*', '+', '-', '.', '/', ':', 'AND', 'AT', 'OR', 'VALUE', '[', '||', <predicate>
MERGE INTO t x USING u CROSS JOIN v ON true WHEN NOT MATCHED THEN VALUES ( 1 )	line 1:67: mismatched input 'VALUES'. Expecting: 'INSERT'
SHOW STATS STATS FOR t	line 1:12: mismatched input 'STATS'. Expecting: 'FOR'
REVOKE SELECT ON t u	line 1:21: mismatched input '<EOF>'. Expecting: '.', 'FROM'
SELECT * FROM a a b	line 1:19: mismatched input 'b'. Expecting: '(', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT NOT EXISTS ( SELECT * FROM t WHERE t . a = u SECURITY a )	line 1:53: mismatched input 'SECURITY'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||'
DROP SCHEMA IF EXISTS a GROUPING s CASCADE	line 1:25: mismatched input 'GROUPING'. Expecting: '.', 'CASCADE', 'RESTRICT', <EOF>
SELECT * FROM a NATURAL	line 1:24: mismatched input '<EOF>'. Expecting: 'FULL', 'INNER', 'JOIN', 'LEFT', 'RIGHT'
SELECT NOT EXISTS ( SELECT * FROM t WHERE t VALIDATE a = u . a )	line 1:45: mismatched input 'VALIDATE'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <predicate>
ALTER TABLE t EXECUTE optimize ( file_size_threshold => '10MB' , 5 ) WHERE TRY_CAST a = 1	line 1:85: mismatched input 'a'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN ( p OUTER ( ( NEXT q CROSS r ) UNION s ) ) )	line 1:83: mismatched input 'q'. Expecting: ')', 'CROSS', 'INNER', 'OUTER', 'UNION'
SELECT CAST ( a AS map < varchar , RUNNING < bigint > > )	line 1:44: mismatched input '<'. Expecting: '(', '>', 'ARRAY'
SHOW SESSION TRAILING 'x%'	line 1:14: mismatched input 'TRAILING'. Expecting: 'LIKE', <EOF>
SELECT a FROM t GROUP BY ALL a ,	line 1:33: mismatched input '<EOF>'. Expecting: '(', 'AUTO', 'CUBE', 'GROUPING', 'ROLLUP', <expression>
CREATE CATALOG IF NOT EXISTS c USING hive COMMENT 'x' AUTHORIZATION ROLE r ) ) ( "a.b" = 'c' )	line 1:76: mismatched input ')'. Expecting: 'WITH', <EOF>
SELECT * FROM a LEFT OUTER JOIN b ON a . x = b DESCRIBE . x AND a . y > 1	line 1:48: mismatched input 'DESCRIBE'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'NATURAL', 'OFFSET', 'OR', 'ORDER', 'RIGHT', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>
SELECT try ( / b )	line 1:14: mismatched input '/'. Expecting: ')', '*', 'ALL', 'DISTINCT', 'ORDER', <expression>
SELECT JSON_QUERY ( a , 'lax $.b' EMPTY ARRAY ON EMPTY EMPTY ON ERROR )	line 1:62: mismatched input 'ON'. Expecting: 'ARRAY', 'OBJECT'
CREATE TABLE t ( ( a bigint )	line 1:18: mismatched input '('. Expecting: 'LIKE', <identifier>
CREATE CATALOG c USING AFTER hive	line 1:30: mismatched input 'hive'. Expecting: 'AUTHORIZATION', 'COMMENT', 'WITH', <EOF>
SELECT sum ( a ) OVER ( ORDER BY b RANGE BETWEEN INTERVAL '1' DAY PRECEDING 2 FOLLOWING )	line 1:77: mismatched input '2'. Expecting: 'AND'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN ( p ) t	line 1:70: mismatched input 't'. Expecting: ')', 'EMPTY', 'ERROR'
EXECUTE p USING 1 , 'x' , DATE DATE '2024-01-01'	line 1:32: mismatched input 'DATE'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>
SELECT sum ( a ) OVER ( ORDER BY b GROUPS BETWEEN 1 PRECEDING UNBOUNDED FOLLOWING )	line 1:63: mismatched input 'UNBOUNDED'. Expecting: 'AND'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( NESTED '$' AS q COLUMNS ( x FOR int ) , NESTED '$' AS r COLUMNS ( y int ) ) PLAN ( p OUTER ( q UNION r ) ) ERROR ON ERROR )	line 1:83: mismatched input 'int'. Expecting: 'ORDINALITY'
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE '...' TABLE t DROP COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:53: mismatched input 'TABLE'. Expecting: 'WITH', 'WITHOUT'
SHOW ROLE GRANTS EXTRACT IN c	line 1:18: mismatched input 'EXTRACT'. Expecting: 'FROM', 'IN', <EOF>
CREATE TABLE t ( CASE bigint )	line 1:18: mismatched input 'CASE'. Expecting: 'LIKE', <identifier>
CREATE OR REPLACE VIEW a . v COMMENT 'x' SECURITY AS INVOKER SELECT * FROM t	line 1:51: mismatched input 'AS'. Expecting: 'DEFINER', 'INVOKER'
SELECT LISTAGG ( DISTINCT a , ',' ) WITHIN RANGE GROUP ( ORDER BY a DESC ) FILTER ( WHERE b )	line 1:44: mismatched input 'RANGE'. Expecting: 'GROUP'
START TRANSACTION READ ONLY ISOLATION LEVEL SERIALIZABLE	line 1:29: mismatched input 'ISOLATION'. Expecting: ',', <EOF>
SELECT JSON_OBJECT ( 'a' : 1 GRACE NULL ON NULL WITH UNIQUE KEYS RETURNING varchar ( 100 ) )	line 1:30: mismatched input 'GRACE'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'ABSENT', 'AND', 'AT', 'FORMAT', 'NULL', 'OR', 'RETURNING', 'WITH', 'WITHOUT', '[', '||', <predicate>
WITH FUNCTION f ( ) RETURNS bigint LANGUAGE PYTHON WITH ( handler = 'h' ) AS $$\ndef h(): return 1; 'x'\n$$ $$\ndef h(): return 1; 'x'\n$$ SELECT f ( )	line 3:4: mismatched input '$$\ndef h(): return 1; 'x'\n$$'. Expecting: ',', <query>
SELECT * FROM t , UNNEST ( t . a ) WITH BERNOULLI AS u ( x , n )	line 1:36: mismatched input 'WITH'. Expecting: ',', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>, <identifier>
CREATE TABLE t COMMENT 'c' WITH ( format = 'PARQUET' ) AS SELECT * FROM u WITH NO	line 1:82: mismatched input '<EOF>'. Expecting: 'DATA'
SELECT f ( a ORDER BY b DESC FIRST NULLS , c )	line 1:30: mismatched input 'FIRST'. Expecting: ')', ',', 'NULLS'
SELECT CAST ( a '10MB' array ( bigint ) )	line 1:24: mismatched input 'array'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AS', 'AT', 'OR', '[', '||', <predicate>
SELECT JSON_QUERY ( a , 'lax $.b' ERROR ON EMPTY NULL ON INTERSECT ERROR )	line 1:58: mismatched input 'INTERSECT'. Expecting: 'ERROR'
SELECT trim ( || both 'x' )	line 1:15: mismatched input '||'. Expecting: 'BOTH', 'FROM', 'LEADING', 'TRAILING', <expression>
SELECT all FROM 'multi\nline'	line 1:17: mismatched input ''multi\nline''. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>
SELECT EXTRACT ( KEYS FROM a + b )	line 1:8: Invalid EXTRACT field KEYS, valid fields are: YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_MONTH, DAY_OF_WEEK, DOW, DAY_OF_YEAR, DOY, YEAR_OF_WEEK, YOW, HOUR, MINUTE, SECOND, TIMEZONE_MINUTE, TIMEZONE_HOUR
SELECT JSON_EXISTS ( a FORMAT JSON , 'strict $' PASSING b AS "B" , c FORMAT JSON ) d TRUE ON ERROR )	line 1:82: mismatched input ')'. Expecting: 'AS', 'ENCODING'
SELECT a = ANY ( WITH x AS ( SELECT 1 ) SELECT * FROM x	line 1:56: mismatched input '<EOF>'. Expecting: ')', ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <identifier>
SHOW GRANTS TABLE t	line 1:13: mismatched input 'TABLE'. Expecting: 'ON', <EOF>
DROP FUNCTION IF EXISTS a . f ( ( bigint , x varchar )	line 1:33: mismatched input '('. Expecting: ')', <type>
SELECT CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z'	line 1:55: mismatched input '<EOF>'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'END', 'OR', '[', '||', <predicate>
SELECT ARRAY [ ARRAY [ 1 ] , ARRAY [ ]	line 1:39: mismatched input '<EOF>'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', ']', '||', <predicate>
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ; ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u . c THEN INSERT ( a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT VALUES ( u . a , DEFAULT_ )	line 1:46: mismatched input ';'. Expecting: '(', 'CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'ON', 'RIGHT', 'TABLESAMPLE'
SELECT ( 1 2 ) . field	line 1:12: mismatched input '2'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>
ALTER t SET PROPERTIES a = 1 , "b" = DEFAULT	line 1:13: mismatched input 'PROPERTIES'. Expecting: '.', 'SET'
SELECT * FROM t MATCH_RECOGNIZE ( ( PATTERN A ) DEFINE A AS true )	line 1:35: mismatched input '('. Expecting: 'AFTER', 'ALL', 'INITIAL', 'MEASURES', 'ONE', 'ORDER', 'PARTITION', 'PATTERN', 'SEEK'
SELECT JSON_VALUE ( a , 'lax $.b' bigint )	line 1:35: mismatched input 'bigint'. Expecting: ')', 'AS', 'DEFAULT', 'ERROR', 'NULL', 'PASSING', 'RETURNING'
SELECT CAST ( a AS row SECURITY ( double precision ) )	line 1:24: mismatched input 'SECURITY'. Expecting: '(', ')', 'ARRAY'
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE '...' KEEP WITHOUT COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:53: mismatched input 'KEEP'. Expecting: 'WITH', 'WITHOUT'
SELECT * FROM a NATURAL FORMAT JOIN b	line 1:25: mismatched input 'FORMAT'. Expecting: 'FULL', 'INNER', 'JOIN', 'LEFT', 'RIGHT'
WITH SESSION query_max_run_time = '1m' , a . b 1 SELECT 1	line 1:48: mismatched input '1'. Expecting: '.', '='
SELECT * FROM a FULL JSON_ARRAY OUTER JOIN b USING ( x )	line 1:22: mismatched input 'JSON_ARRAY'. Expecting: 'JOIN', 'OUTER'
SELECT * FROM ( ( TRANSACTION SELECT 1 ) t )	line 1:31: mismatched input 'SELECT'. Expecting: ')', '.', 'AS', 'CROSS', 'FOR', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'RIGHT', 'TABLESAMPLE', <identifier>
SHOW ROLE IN c	line 1:11: mismatched input 'IN'. Expecting: 'GRANTS'
CREATE FUNCTION f ( x bigint ) UNCONDITIONAL RETURNS bigint RETURN x	line 1:32: mismatched input 'UNCONDITIONAL'. Expecting: 'RETURNS'
SELECT a FROM t FETCH NEXT 5 WINDOW ONLY	line 1:30: mismatched input 'WINDOW'. Expecting: 'ROW', 'ROWS'
SELECT DISTINCT a , b FROM t , SELECT 1 x ) u WHERE t . a = u . x GROUP BY a , b HAVING count ( * ) > 0 ORDER BY 1 DESC NULLS LAST OFFSET 1 LIMIT 3	line 1:32: mismatched input 'SELECT'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>
SELECT row_number ( ) OVER ( TEXT	line 1:34: mismatched input '<EOF>'. Expecting: ')', 'GROUPS', 'MEASURES', 'ORDER', 'PARTITION', 'RANGE', 'ROWS'
TABLE VIEW v	line 1:12: mismatched input 'v'. Expecting: '.', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', <EOF>
SELECT a IS FROM NULL	line 1:13: mismatched input 'FROM'. Expecting: 'DISTINCT', 'NOT', 'NULL'
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING VALUES 1 ) FORMAT JSON OMIT QUOTES ON SCALAR STRING )	line 1:45: mismatched input 'VALUES'. Expecting: <type>
WITH RECURSIVE t ( n ) AS ( VALUES 1 UNION ALL SELECT n + 1 FROM t n < 5 ) SELECT * FROM t	line 1:70: mismatched input '<'. Expecting: '(', ')', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW'
SELECT a AND ( b ( c )	line 1:23: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FILTER', 'IGNORE', 'OR', 'OVER', 'RESPECT', '[', '||', <predicate>
SELECT * FROM JSON_TABLE ( a	line 1:29: mismatched input '<EOF>'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FORMAT', 'OR', '[', '||', <predicate>
SELECT JSON_ARRAY ( -> a ABSENT ON NULL )	line 1:21: mismatched input '->'. Expecting: ')', 'RETURNING', <expression>
SELECT * FROM t AS u MATCH_RECOGNIZE ( ALL ROWS PER MATCH SHOW EMPTY MATCHES COLUMN MATCH SKIP TO NEXT ROW INITIAL PATTERN ( ^ A $ ) DEFINE A AS true ) m	line 1:78: mismatched input 'COLUMN'. Expecting: 'AFTER', 'INITIAL', 'PATTERN', 'SEEK'
SHOW STATS FOR ( SELECT * FROM t WHERE a > 1	line 1:45: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||'
SELECT a FROM t GROUP BY a HAVING count ( * ) 1	line 1:47: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'FILTER', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'OVER', 'UNION', 'WINDOW', '[', '||', <EOF>, <predicate>
SELECT [	line 1:9: mismatched input '<EOF>'. Expecting: ']', <expression>
SELECT * FROM OVER ( ARRAY [ 1 , 2 ] )	line 1:20: mismatched input '('. Expecting: ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>, <identifier>
ALTER TABLE t EXECUTE KEEP optimize	line 1:28: mismatched input 'optimize'. Expecting: '(', 'WHERE', <EOF>
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH OMIT EMPTY MATCHES AFTER MATCH SKIP TO FIRST A SEEK PATTERN ( PERMUTE ( A , B C ) { - D - } ( ) DESC DEFINE A AS true )	line 1:138: mismatched input '-'. Expecting: ',', <integer>
SELECT LISTAGG ( a , ',' ON FOR 2 ) TRUNCATE WITH COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:29: mismatched input 'FOR'. Expecting: 'OVERFLOW'
SELECT a IS NOT DISTINCT b	line 1:26: mismatched input 'b'. Expecting: 'FROM'
REVOKE r u FROM	line 1:10: mismatched input 'u'. Expecting: ',', 'FROM', 'ON'
SELECT CASE WHEN a = 1 THEN CASE WHEN b THEN 1 END EMPTY ELSE 2 END	line 1:52: mismatched input 'EMPTY'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'ELSE', 'END', 'OR', 'WHEN', '[', '||', <predicate>
ALTER t ADD COLUMN a bigint FIRST	line 1:13: mismatched input 'COLUMN'. Expecting: '.', 'SET'
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u . c THEN INSERT a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT VALUES ( u . a , DEFAULT_ )	line 1:188: mismatched input 'a'. Expecting: '(', 'VALUES'
SELECT LISTAGG ( a , ',' ON ERROR ) WITHIN GROUP ( ORDER BY a )	line 1:29: mismatched input 'ERROR'. Expecting: 'OVERFLOW'
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH OMIT EMPTY MATCHES AFTER MATCH SKIP TO FIRST ) SELECT SEEK PATTERN ( PERMUTE ( A , B C ) { - D - } ( ) ) DEFINE A AS true )	line 1:99: mismatched input ')'. Expecting: 'INITIAL', 'PATTERN', 'SEEK'
DELETE FROM t a = 1	line 1:15: mismatched input 'a'. Expecting: '.', 'WHERE', <EOF>
DROP a ) s	line 1:6: mismatched input 'a'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'
SELECT 1 NOT + 2	line 1:14: mismatched input '+'. Expecting: 'BETWEEN', 'IN', 'LIKE'
REVOKE GRANT OPTION FOR ALL PRIVILEGES ON TABLE t ROLE r	line 1:51: mismatched input 'ROLE'. Expecting: '.', 'FROM'
SELECT JSON_QUERY ( a , 'lax $.b' RETURNING varchar FORMAT JSON OMIT QUOTES ON SCALAR	line 1:86: mismatched input '<EOF>'. Expecting: 'STRING'
SELECT a AT TIME ZONE DESCRIPTOR 'UTC'	line 1:23: mismatched input 'DESCRIPTOR'. Expecting: 'INTERVAL', <string>
SELECT a FROM t ORDER BY a ASC , b DESC , c NULLS FIRST , d DESC LAST NULLS	line 1:66: mismatched input 'LAST'. Expecting: ',', 'FETCH', 'LIMIT', 'NULLS', 'OFFSET', <EOF>
SELECT sum ( a ) OVER ( PARTITION BY b ( )	line 1:43: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FILTER', 'GROUPS', 'IGNORE', 'MEASURES', 'OR', 'ORDER', 'OVER', 'RANGE', 'RESPECT', 'ROWS', '[', '||', <predicate>
WITH SESSION a = 1 WITH FUNCTION f ( ) RETURNS bigint RETURN 1 WITH ) t AS ( SELECT 1 ) SELECT f ( ) FROM t	line 1:69: mismatched input ')'. Expecting: 'RECURSIVE', <identifier>
SELECT JSON_ARRAY ( a FORMAT JSON , b NULL ON NULL STRING RETURNING varchar )	line 1:52: mismatched input 'STRING'. Expecting: ')', 'RETURNING'
SELECT * FROM t CROSS JOIN LATERAL ( t SELECT . a ) AS u	line 1:38: mismatched input 't'. Expecting: <query>
EXPLAIN ( TYPE ) VALIDATE SELECT 1	line 1:16: mismatched input ')'. Expecting: 'DISTRIBUTED', 'IO', 'LOGICAL', 'VALIDATE'
SELECT JSON_OBJECT ( 'a' : 1 ABSENT ON NULL RESPECT	line 1:45: mismatched input 'RESPECT'. Expecting: ')', 'RETURNING', 'WITH', 'WITHOUT'
SELECT * FROM a JOIN b c ON x ON y	line 1:31: mismatched input 'ON'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'NATURAL', 'OFFSET', 'OR', 'ORDER', 'RIGHT', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <predicate>
SELECT JSON_VALUE ( a FORMAT JSON	line 1:34: mismatched input '<EOF>'. Expecting: ',', 'ENCODING'
SELECT * FROM t FOR	line 1:20: mismatched input '<EOF>'. Expecting: 'TIMESTAMP', 'VERSION'
SELECT * FROM t MATCH_RECOGNIZE ( PARTITION BY a , b ORDER BY c DESC MEASURES A . x AS y , RUNNING last ( B . z ) AS w ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN ( A B + C * ? D { 2 } E { 1 , } F { , 3 } G { 1 , 2 } ? ( H | I ) ) SUBSET U = ( A , B ) , V = ( C ) DEFINE A AS x > 1 , B AS B . x > prev ( B . x ) ) TRY_CAST m ( p , q )	line 1:337: mismatched input 'm'. Expecting: '(', ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a , b bigint DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = a 1 ; END WHILE ; top : LOOP LEAVE top ; END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 ; END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:205: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', ';', 'AND', 'AT', 'OR', '[', '||', <predicate>
COMMENT ON TABLE t IS FILTER	line 1:23: mismatched input 'FILTER'. Expecting: 'NULL', <string>
GRANT ALL PRIVILEGES TABLE a . t TO ROLE r WITH GRANT OPTION	line 1:22: mismatched input 'TABLE'. Expecting: 'ON'
SELECT sum ( a ) OVER ( ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW ROWS )	line 1:85: mismatched input 'ROWS'. Expecting: ')', 'AFTER', 'DEFINE', 'INITIAL', 'PATTERN', 'SEEK', 'SUBSET'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN ( p OUTER ( ( q CROSS ELSEIF r ) UNION s ) ) )	line 1:93: mismatched input 'r'. Expecting: ')', 'CROSS'
SELECT CAST ( a AS row ( time time , interval interval year month to ) )	line 1:61: mismatched input 'month'. Expecting: ')', ',', 'ARRAY', 'TO'
SELECT TRIM ( a , 'x'	line 1:22: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AT', '[', '||'
ALTER TABLE IF EXISTS t	line 1:24: mismatched input '<EOF>'. Expecting: '.', 'ADD', 'ALTER', 'DROP', 'RENAME'
SET TIME ZONE ( a '1' HOUR	line 1:23: mismatched input 'HOUR'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>
SELECT LISTAGG ( , a ',' ON OVERFLOW ERROR ) WITHIN GROUP ( ORDER BY a )	line 1:18: mismatched input ','. Expecting: 'ALL', 'DISTINCT', <expression>
SELECT JSON_OBJECT (	line 1:21: mismatched input '<EOF>'. Expecting: ')', 'KEY', 'RETURNING', <expression>
SHOW SESSION SESSION	line 1:14: mismatched input 'SESSION'. Expecting: 'LIKE', <EOF>
SELECT a TIES fetch	line 1:20: mismatched input '<EOF>'. Expecting: 'FIRST', 'NEXT'
SELECT sum ( a OVER ( partition )	line 1:34: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', 'ORDER', '[', '||', <predicate>
DROP CATALOG IF EXISTS CASCADE c	line 1:32: mismatched input 'c'. Expecting: 'CASCADE', 'RESTRICT', <EOF>
SELECT NORMALIZE ( a OVER ( )	line 1:30: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AT', '[', '||'
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b b WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u . c THEN INSERT ( a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT VALUES ( u . a , DEFAULT_ )	line 1:124: mismatched input 'b'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', 'WHEN', '[', '||', <EOF>, <predicate>
SELECT JSON_OBJECT ( 'a' : 1 NULL ON NULL WITH UNIQUE KEYS varchar ( 100 ) )	line 1:60: mismatched input 'varchar'. Expecting: ')', 'RETURNING'
SELECT m OVER w FROM t WINDOW w AS ( ORDER BY a MEASURES last ( x ) AS m ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING AFTER MATCH SKIP TO NEXT ROW SEEK PATTERN '0a 1b\n 2c' A B * ) SUBSET U = ( A , B ) DEFINE B AS x > 1 )	line 1:165: mismatched input ''0a 1b\n 2c''. Expecting: '('
SELECT TRIM ( FROM a )	line 1:8: The 'trim' function must have specification, char or both arguments when it takes FROM
SELECT a FROM t ? OFFSET LIMIT ?	line 1:17: mismatched input '?'. Expecting: ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', <EOF>, <identifier>
SELECT * FROM t TABLESAMPLE BERNOULLI ( 10 CROSS ) JOIN u TABLESAMPLE SYSTEM ( 5 )	line 1:44: mismatched input 'CROSS'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>
SELECT CAST ( a AS row ( time time , interval interval year to month OVERFLOW ) )	line 1:70: mismatched input 'OVERFLOW'. Expecting: ')', ',', 'ARRAY'
SELECT * FROM JSON_TABLE ( a , 'lax $' AS root COLUMNS ( id FOR ORDINALITY , b bigint PATH 'lax $.b' , c varchar DEFAULT 'x' ON EMPTY ERROR ON ERROR , d varchar FORMAT JSON PATH 'lax $.d' WITH WRAPPER KEEP QUOTES NULL ON EMPTY EMPTY ON ARRAY ERROR ) ) t	line 1:234: mismatched input 'ON'. Expecting: 'ARRAY', 'OBJECT'
SELECT ( a ( '%s' , a )	line 1:24: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FILTER', 'IGNORE', 'OR', 'OVER', 'RESPECT', '[', '||', <predicate>
SELECT * FROM t , JSON_TABLE ( t . a , 'lax $' PASSING b ROW AS c COLUMNS ( NESTED PATH 'lax $.x' AS n COLUMNS ( x bigint ) , NESTED 'lax $.y' COLUMNS ( y bigint ) ) PLAN DEFAULT ( INNER , CROSS ) EMPTY ON ERROR ) AS j	line 1:58: mismatched input 'ROW'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AS', 'AT', 'FORMAT', 'OR', '[', '||', <predicate>
SHOW ROLE GRANTS GRANTS IN c	line 1:18: mismatched input 'GRANTS'. Expecting: 'FROM', 'IN', <EOF>
SELECT * FROM TABLE ( f ( TABLE ( t ) PARTITION BY ( ) , a => 1 COPARTITION ( t , u ) , ( v EXISTS , w , x ) ) )	line 1:93: mismatched input 'EXISTS'. Expecting: ',', '.'
CREATE OR REPLACE a . b . f ( ) RETURNS varchar COMMENT 'c' RETURN 'x'	line 1:19: mismatched input 'a'. Expecting: 'FUNCTION', 'MATERIALIZED', 'TABLE', 'VIEW'
CREATE OR REPLACE TABLE t ( a bigint , LIKE b INCLUDING ) , LIKE c EXCLUDING PROPERTIES , LIKE d )	line 1:57: mismatched input ')'. Expecting: 'PROPERTIES'
SELECT CASE CREATE VIEW v a THEN 1 ELSE 2 END	line 1:13: mismatched input 'CREATE'. Expecting: 'WHEN', <expression>
SELECT JSON_QUERY ( a , 'lax $.b' EMPTY ARRAY ON EMPTY OBJECT ON ERROR )	line 1:56: mismatched input 'OBJECT'. Expecting: ')', 'EMPTY', 'ERROR', 'NULL'
SELECT ( ( WITH x AS ( SELECT 1 )	line 1:34: mismatched input '<EOF>'. Expecting: '(', ',', 'SELECT', 'TABLE', 'VALUES'
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE WITH COUNT ) WITHIN GROUP ( 1 UNION ( BY a )	line 1:75: mismatched input '1'. Expecting: 'ORDER'
MERGE INTO t USING u ON t . a = u . a WHEN EXPLAIN THEN DELETE	line 1:44: mismatched input 'EXPLAIN'. Expecting: 'MATCHED', 'NOT'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( NESTED '$' AS q COLUMNS ( x int ) , NESTED '$' AS r COLUMNS ( y int ) ) PLAN ( p OUTER ( q UNION r PRECISION ) ERROR ON ERROR )	line 1:150: mismatched input 'PRECISION'. Expecting: ')', 'UNION'
SELECT JSON_VALUE ( a , 'lax $.b' DEFAULT 1 + 2 ON <> )	line 1:52: mismatched input '<>'. Expecting: 'EMPTY', 'ERROR'
EXECUTE * FROM ( ( SELECT 1 ) UNION ( SELECT 2 ) )	line 1:9: mismatched input '*'. Expecting: 'IMMEDIATE', <identifier>
CREATE OR REPLACE VIEW a . v COMMENT 'x' SECURITY INVOKER AS SELECT FROM t	line 1:69: mismatched input 'FROM'. Expecting: '*', 'ALL', 'DISTINCT', <expression>
SELECT a UNION ALL ALL CORRESPONDING BY ( a , b ) SELECT b	line 1:20: mismatched input 'ALL'. Expecting: '(', 'CORRESPONDING', 'SELECT', 'TABLE', 'VALUES'
SELECT SUBSTRING ( a FROM 1 MERGE FOR 2 )	line 1:29: mismatched input 'MERGE'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AT', 'FOR', '[', '||'
SELECT GROUPING ( a a )	line 1:21: mismatched input 'a'. Expecting: ')', ',', '.'
SELECT a FROM t GROUP BY GROUPING SETS ( a , b ) , a , ( ) )	line 1:60: mismatched input ')'. Expecting: ',', 'EXCEPT', 'FETCH', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WINDOW', <EOF>
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE WITH	line 1:51: mismatched input '<EOF>'. Expecting: 'COUNT'
SHOW TABLES FROM a PLAN . b	line 1:20: mismatched input 'PLAN'. Expecting: '.', 'LIKE', <EOF>
SELECT JSON_OBJECT ( RETURNING varbinary FORMAT JSON WITHIN ENCODING UTF8 )	line 1:54: mismatched input 'WITHIN'. Expecting: ')', 'ENCODING'
SELECT LISTAGG ( a , ',' ON OVERFLOW SEEK TRUNCATE WITH COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:38: mismatched input 'SEEK'. Expecting: 'ERROR', 'TRUNCATE'
START TRANSACTION ISOLATION LEVEL READ	line 1:39: mismatched input '<EOF>'. Expecting: 'COMMITTED', 'UNCOMMITTED'
SELECT JSON_EXISTS ( a , UNKNOWN ON ERROR )	line 1:26: mismatched input 'UNKNOWN'. Expecting: <string>
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u . c THEN INSERT ( a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT INSERT VALUES ( u . a , DEFAULT_ )	line 1:244: mismatched input 'INSERT'. Expecting: '(', 'VALUES'
SELECT sum ( a ) ( b ( partition )	line 1:18: mismatched input '('. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FILTER', 'FROM', 'GROUP', 'HAVING', 'IGNORE', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'OVER', 'RESPECT', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
( ( SELECT 1 ) ORDER BY 1	line 1:26: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'ASC', 'AT', 'DESC', 'FETCH', 'LIMIT', 'NULLS', 'OFFSET', 'OR', '[', '||', <predicate>
SELECT a AT TIME ZONE interval '1'	line 1:35: mismatched input '<EOF>'. Expecting: 'DAY', 'HOUR', 'MINUTE', 'MONTH', 'SECOND', 'YEAR'
SELECT EXTRACT 'multi\nline'	line 1:16: mismatched input ''multi\nline''. Expecting: '('
ALTER SELECT CASE a WHEN 1 THEN 'x' END	line 1:7: mismatched input 'SELECT'. Expecting: 'MATERIALIZED', 'SCHEMA', 'TABLE', 'VIEW', <identifier>
SELECT a FROM t OFFSET ? CAST LIMIT ?	line 1:26: mismatched input 'CAST'. Expecting: 'FETCH', 'LIMIT', 'ROW', 'ROWS', <EOF>
SELECT a FROM t GROUP BY a HAVING count count ( * ) > 1	line 1:41: mismatched input 'count'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>, <predicate>
CREATE VIEW v AS	line 1:17: mismatched input '<EOF>'. Expecting: 'WITH', <query>
SELECT JSON_EXISTS ( a FORMAT JSON , 'strict $' PASSING b AS "B" , c FORMAT JSON JSON_ARRAY AS d TRUE ON ERROR )	line 1:82: mismatched input 'JSON_ARRAY'. Expecting: 'AS', 'ENCODING'
SELECT a FROM t GROUP BY ( ) )	line 1:30: mismatched input ')'. Expecting: ',', 'EXCEPT', 'FETCH', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WINDOW', <EOF>
START TRANSACTION ISOLATION LEVEL ORDER BY COMMITTED	line 1:35: mismatched input 'ORDER'. Expecting: 'READ', 'REPEATABLE', 'SERIALIZABLE'
SELECT CASE a = 1 THEN CASE WHEN b THEN 1 END ELSE 2 END	line 1:19: mismatched input 'THEN'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', 'WHEN', '[', '||'
TRUNCATE SELECT values_	line 1:10: mismatched input 'SELECT'. Expecting: 'TABLE'
SELECT * FROM t , JSON_TABLE ( t . a , 'lax $'	line 1:47: mismatched input '<EOF>'. Expecting: 'AS', 'COLUMNS', 'PASSING'
SELECT JSON_OBJECT ( AND )	line 1:22: mismatched input 'AND'. Expecting: ')', 'KEY', 'RETURNING', <expression>
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE < WITHOUT COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:47: mismatched input '<'. Expecting: 'WITH', 'WITHOUT', <string>
SELECT JSON_EXISTS ( a FORMAT JSON , 'strict $' PASSING b AS "B" , c FORMAT JSON AS d IO TRUE ON ERROR )	line 1:87: mismatched input 'IO'. Expecting: ')', ',', 'ERROR', 'FALSE', 'TRUE', 'UNKNOWN'
SELECT JSON_VALUE ( a 'lax $.b' RETURNING bigint )	line 1:33: mismatched input 'RETURNING'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FORMAT', 'OR', '[', '||', <predicate>
SELECT * FROM JSON_TABLE ( a , '$' AS p NFC COLUMNS ( x int ) PLAN ( p ) )	line 1:41: mismatched input 'NFC'. Expecting: 'COLUMNS', 'PASSING'
SELECT LISTAGG ( a ) GROUP ( ORDER BY a )	line 1:22: mismatched input 'GROUP'. Expecting: 'WITHIN'
SELECT * FROM t FOR VERSION AS OF OF 1	line 1:38: mismatched input '1'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AS', 'AT', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>
SELECT LISTAGG ( a , ',' ON OVERFLOW ERROR ) LOCALTIME WITHIN GROUP ( ORDER BY a )	line 1:46: mismatched input 'LOCALTIME'. Expecting: 'WITHIN'
SELECT a FROM t GROUP BY DISTINCT ROLLUP ( a , b ) , ( ROLLUP b , c )	line 1:56: mismatched input 'ROLLUP'. Expecting: ')', <expression>, <query>
SELECT JSON_QUERY ( a , 'lax $.b' WITHOUT KEEP QUOTES )	line 1:43: mismatched input 'KEEP'. Expecting: 'ARRAY', 'WRAPPER'
WITH a ( x , y ) AS ( SELECT 1 , 2 2 ) , b AS ( TABLE a ) SELECT * FROM b	line 1:36: mismatched input '2'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <identifier>, <predicate>
SELECT LISTAGG ( a , ',' ON OVERFLOW TRUNCATE WITH WITH COUNT ) WITHIN GROUP ( ORDER BY a )	line 1:52: mismatched input 'WITH'. Expecting: 'COUNT'
SELECT JSON_ARRAY ( a FORMAT JSON FIRST b NULL ON NULL RETURNING varchar )	line 1:35: mismatched input 'FIRST'. Expecting: ')', ',', 'ABSENT', 'ENCODING', 'NULL', 'RETURNING'
SELECT JSON_ARRAY ( a FORMAT	line 1:29: mismatched input '<EOF>'. Expecting: 'JSON'
SELECT JSON_OBJECT ( 'a' : )	line 1:28: mismatched input ')'. Expecting: <expression>
CREATE s	line 1:8: mismatched input 's'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'OR', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'
MERGE INTO t USING u ON t . a = u . a WHEN THEN DELETE	line 1:44: mismatched input 'THEN'. Expecting: 'MATCHED', 'NOT'
CREATE CATALOG IF NOT EXISTS c USING hive 'x' AUTHORIZATION ROLE r WITH ( "a.b" = 'c' )	line 1:43: mismatched input ''x''. Expecting: 'AUTHORIZATION', 'COMMENT', 'WITH', <EOF>
START TRANSACTION ISOLATION LEVEL REPEATABLE READ , ON READ WRITE	line 1:53: mismatched input 'ON'. Expecting: 'ISOLATION', 'READ'
SELECT ALL a b , FROM t	line 1:18: mismatched input 'FROM'. Expecting: '*', <expression>
ALTER VIEW v ORDINALITY SET AUTHORIZATION USER u	line 1:14: mismatched input 'ORDINALITY'. Expecting: '.', 'RENAME', 'SET'
SELECT ( )	line 1:11: mismatched input '<EOF>'. Expecting: '->'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( int ) PLAN ( p INNER q ) )	line 1:55: mismatched input ')'. Expecting: 'FOR', <type>
SELECT sum ( a ) OVER ( PARTITION BY b , c ORDER BY d DESC	line 1:59: mismatched input '<EOF>'. Expecting: ')', ',', 'GROUPS', 'MEASURES', 'NULLS', 'RANGE', 'ROWS'
SELECT CAST ( a 'a' VALUE 1 time ( 6 ) )	line 1:21: mismatched input 'VALUE'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AS', 'AT', 'OR', '[', '||', <predicate>
DROP ROLE IF DEFAULT r IN c	line 1:14: mismatched input 'DEFAULT'. Expecting: 'IN', <EOF>
SELECT TRIM ( % BOTH FROM a )	line 1:15: mismatched input '%'. Expecting: 'BOTH', 'FROM', 'LEADING', 'TRAILING', <expression>
SELECT 1 INTERSECT ( VALUES 1 UNION TABLE t	line 1:44: mismatched input '<EOF>'. Expecting: ')', '.', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION'
TABLE t DROP COLUMN a	line 1:9: mismatched input 'DROP'. Expecting: '.', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', <EOF>
CREATE OR REPLACE VIEW a . v COMMENT 'x' INVOKER SECURITY AS SELECT * FROM t	line 1:42: mismatched input 'INVOKER'. Expecting: 'AS', 'SECURITY', 'WITH'
SELECT sum ( a ) OVER ( ORDER BY RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND 2 FOLLOWING )	line 1:65: mismatched input 'PRECEDING'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'TO', '[', '||'
DESC CATALOG a . b . t	line 1:14: mismatched input 'a'. Expecting: '.', <EOF>
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH WITH UNMATCHED ROWS AFTER SKIP TO LAST A PATTERN ( A ? ? | B + ? | ( C D ) * ) DEFINE A AS count ( A . * ) > 1 )	line 1:80: mismatched input 'SKIP'. Expecting: 'MATCH'
START TRANSACTION CURRENT_DATE ISOLATION LEVEL READ COMMITTED	line 1:19: mismatched input 'CURRENT_DATE'. Expecting: 'ISOLATION', 'READ', <EOF>
SELECT lag ( a , 1 , 0 ) RESPECT NULLS w	line 1:40: mismatched input 'w'. Expecting: 'OVER'
SELECT DISTINCT a , b FROM t , ( SELECT 1 x ) u WHERE t . a = u . x GROUP BY a , b HAVING count ( * ) > 0 BY 1 DESC NULLS LAST OFFSET 1 LIMIT 3	line 1:107: mismatched input 'BY'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>
SELECT a <> ;	line 1:13: mismatched input ';'. Expecting: 'ALL', 'ANY', 'SOME', <expression>
CREATE OR REPLACE VIEW a . v COMMENT 'x' SECURITY INVOKER USE AS SELECT * FROM t	line 1:59: mismatched input 'USE'. Expecting: 'AS', 'WITH'
SELECT GROUPING ( a b . c )	line 1:21: mismatched input 'b'. Expecting: ')', ',', '.'
SHOW STATS CATALOG t	line 1:12: mismatched input 'CATALOG'. Expecting: 'FOR'
CREATE TABLE t AS ( ( SELECT 1 ) SELECT 2 )	line 1:34: mismatched input 'SELECT'. Expecting: ')', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION'
SELECT * FROM t BERNOULLI tablesample	line 1:38: mismatched input '<EOF>'. Expecting: 'BERNOULLI', 'SYSTEM'
EXECUTE IMMEDIATE SHOW GRANTS	line 1:19: mismatched input 'SHOW'. Expecting: 'USING', <EOF>
SELECT count ( * ) FILTER ( WHERE a > 1	line 1:40: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||'
SELECT * FROM t FOR TIMESTAMP AS ADD OF TIMESTAMP '2024-01-01 00:00:00' AS u	line 1:34: mismatched input 'ADD'. Expecting: 'OF'
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH WITH MATCHED ROWS AFTER MATCH SKIP TO LAST A PATTERN ( A ? ? | B + ? | ( C D ) * ) DEFINE A AS count ( A . * ) > 1 )	line 1:59: mismatched input 'MATCHED'. Expecting: 'UNMATCHED'
DROP VIEW IF VALUES a . v	line 1:14: mismatched input 'VALUES'. Expecting: '.', <EOF>
SELECT * FROM a FULL OUTER JOIN b USING x )	line 1:41: mismatched input 'x'. Expecting: '('
SELECT X '0A1b'	line 1:8: Spaces are not allowed between 'X' and the starting quote of a binary literal
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b WHEN MATCHED	line 1:136: mismatched input '<EOF>'. Expecting: 'AND', 'THEN'
EXPLAIN ( TYPE IO , JSON FORMAT ) SELECT 1	line 1:21: mismatched input 'JSON'. Expecting: 'FORMAT', 'TYPE'
VALUES ( 1 , 'a' ) USING , ( 2 , 'b' )	line 1:20: mismatched input 'USING'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', '[', '||', <EOF>, <predicate>
SELECT sum ( a ) OVER w FROM t WINDOW w AS ( ORDER RETURN b ) , v AS ( w ) , u AS ( )	line 1:52: mismatched input 'RETURN'. Expecting: 'BY'
ALTER TABLE t EXECUTE optimize ( file_size_threshold => '10MB' , 5 ) a = 1	line 1:70: mismatched input 'a'. Expecting: 'WHERE', <EOF>
SELECT * FROM TABLE ( f ( TABLE ( t ) PARTITION BY ( ) , a => 1 COPARTITION ( t , u ) , ( v w , x ) ) )	line 1:93: mismatched input 'w'. Expecting: ',', '.'
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a , b bigint DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = a + 1 ; END WHILE ; top : LOOP LEAVE top ; END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 ; END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:348: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', ';', 'AT', '[', '||'
SELECT CAST ( a AS bigint array	line 1:32: mismatched input '<EOF>'. Expecting: ')', 'ARRAY', '['
SELECT * FROM t AS u MATCH_RECOGNIZE ( ALL ROWS PER MATCH SHOW EMPTY MATCHES AFTER MATCH SKIP TO NEXT ROW INITIAL CURRENT_TIMESTAMP ( ^ A $ ) DEFINE A AS true ) m	line 1:115: mismatched input 'CURRENT_TIMESTAMP'. Expecting: 'PATTERN'
SELECT DISTINCT a , b FROM t , ( SELECT 1 x ) u WHERE t . a = u MINUTE x GROUP BY a , b HAVING count ( * ) > 0 ORDER BY 1 DESC NULLS LAST OFFSET 1 LIMIT 3	line 1:65: mismatched input 'MINUTE'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>
DROP SCHEMA	line 1:12: mismatched input '<EOF>'. Expecting: 'IF', <identifier>
SELECT JSON_VALUE ( a FORMAT JSON ENCODING UTF16 , 'lax $' AS root	line 1:67: mismatched input '<EOF>'. Expecting: ')', 'DEFAULT', 'ERROR', 'NULL', 'PASSING', 'RETURNING'
SELECT LISTAGG ( HAVING a , ',' ON OVERFLOW ERROR ) WITHIN GROUP ( ORDER BY a )	line 1:18: mismatched input 'HAVING'. Expecting: 'ALL', 'DISTINCT', <expression>
SELECT interval '1-2' year DEALLOCATE to month	line 1:28: mismatched input 'DEALLOCATE'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'TO', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, <predicate>
SELECT * FROM t MATCH_RECOGNIZE ( PARTITION BY a , b ORDER BY c DESC MEASURES A . x AS y , RUNNING last ( B . z ) AS w ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN ( A B + C * ? D { 2 } E { 1 , } F { , 3 } G { 1	line 1:224: mismatched input '<EOF>'. Expecting: ',', '}'
CREATE TABLE t COMMENT 'c' WITH ( format = ) AS SELECT * FROM u WITH NO DATA	line 1:44: mismatched input ')'. Expecting: 'DEFAULT', <expression>
SELECT * FROM t MATCH_RECOGNIZE ( PARTITION BY a , b ORDER BY c DESC MEASURES A . x AS y , RUNNING last ( B . z ) AS w ONE ROW PER MATCH AFTER MATCH SKIP PAST WINDOW ROW PATTERN ( A B + C * ? D { 2 } E { 1 , } F { , 3 } G { 1 , 2 } ? ( H | I ) ) SUBSET U = ( A , B ) , V = ( C ) DEFINE A AS x > 1 , B AS B . x > prev ( B . x ) ) AS m ( p , q )	line 1:160: mismatched input 'WINDOW'. Expecting: 'LAST'
SET ROLE	line 1:9: mismatched input '<EOF>'. Expecting: 'ALL', 'NONE', <identifier>
SELECT * FROM t MATCH_RECOGNIZE ( PATTERN ( A ) DEFINE A AS )	line 1:61: mismatched input ')'. Expecting: <expression>
SHOW FUNCTIONS FROM a . b LIKE 'x%' 'x%'	line 1:37: mismatched input ''x%''. Expecting: 'ESCAPE', <EOF>
CREATE CATALOG IF NOT EXISTS c USING hive COMMENT 'x' ROLE AUTHORIZATION r WITH ( "a.b" = 'c' )	line 1:55: mismatched input 'ROLE'. Expecting: 'AUTHORIZATION', 'WITH', <EOF>
SELECT JSON_ARRAY ( 1 , 'a' ADD , NULL )	line 1:29: mismatched input 'ADD'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'ABSENT', 'AND', 'AT', 'FORMAT', 'NULL', 'OR', 'RETURNING', '[', '||', <predicate>
INSERT INTO t WITH x AS ( SELECT 1 SELECT * FROM x	line 1:36: mismatched input 'SELECT'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <identifier>, <predicate>
SELECT trim ( both || 'x' CONSTRAINT	line 1:27: mismatched input 'CONSTRAINT'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AT', 'FROM', '[', '||'
SELECT extract ( PRECISION FROM interval '1' day )	line 1:8: Invalid EXTRACT field PRECISION, valid fields are: YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_MONTH, DAY_OF_WEEK, DOW, DAY_OF_YEAR, DOY, YEAR_OF_WEEK, YOW, HOUR, MINUTE, SECOND, TIMEZONE_MINUTE, TIMEZONE_HOUR
SELECT CASE WHEN a = 1 THEN CASE WHEN b THEN 1 END RESTRICT ELSE 2 END	line 1:52: mismatched input 'RESTRICT'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'ELSE', 'END', 'OR', 'WHEN', '[', '||', <predicate>
SELECT COUNT - 9223372036854775808	line 1:16: Invalid numeric literal: 9223372036854775808
CREATE TABLE t ( x , y ) DAY SELECT 1 , 2	line 1:26: mismatched input 'DAY'. Expecting: 'AS', 'COMMENT', 'WITH'
SELECT sum ( a ) FILTER WHERE b ) OVER ( ORDER BY c )	line 1:33: mismatched input ')'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>, <predicate>
SELECT * FROM a RIGHT JOIN b USING ( x ) )	line 1:42: mismatched input ')'. Expecting: ',', 'CROSS', 'EXCEPT', 'FETCH', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT JSON_OBJECT ( KEY 'a' VALUE 1 , , 'b' VALUE 2 )	line 1:40: mismatched input ','. Expecting: 'KEY', <expression>
SELECT * FROM TABLE ( f ( TABLE ( t ) AS u ( x ) PARTITION BY ( a , b ) KEEP WHEN . EMPTY ORDER BY ( c , d DESC ) , DESCRIPTOR ( x , y bigint ) ) )	line 1:83: mismatched input '.'. Expecting: 'EMPTY'
START TRANSACTION DISTINCT a LEVEL READ COMMITTED	line 1:19: mismatched input 'DISTINCT'. Expecting: 'ISOLATION', 'READ', <EOF>
SELECT a a offset	line 1:18: mismatched input '<EOF>'. Expecting: '?', <integer>
SELECT * FROM t AS u MATCH_RECOGNIZE ( ALL ROWS PER MATCH SHOW EMPTY MATCHES CONSTRAINT AFTER MATCH SKIP TO NEXT ROW INITIAL PATTERN ( ^ A $ ) DEFINE A AS true ) m	line 1:78: mismatched input 'CONSTRAINT'. Expecting: 'AFTER', 'INITIAL', 'PATTERN', 'SEEK'
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS KEY PER MATCH WITH UNMATCHED ROWS AFTER MATCH SKIP TO LAST A PATTERN ( A ? ? | B + ? | ( C D ) * ) DEFINE A AS count ( A . * ) > 1 )	line 1:44: mismatched input 'KEY'. Expecting: 'PER'
CREATE VIEW v SECURITY DEFINER ( WITH a = 1 ) AS TABLE t	line 1:32: mismatched input '('. Expecting: 'AS', 'WITH'
COMMENT ON ON COLUMN a . b . c IS 'x'	line 1:12: mismatched input 'ON'. Expecting: 'COLUMN', 'TABLE', 'VIEW'
SELECT JSON_QUERY ( a , 'lax $.b' CONDITIONAL ARRAY WRAPPER )	line 1:35: mismatched input 'CONDITIONAL'. Expecting: ')', 'AS', 'EMPTY', 'ERROR', 'KEEP', 'NULL', 'OMIT', 'PASSING', 'RETURNING', 'WITH', 'WITHOUT'
SELECT CASE WHEN a = 1 CASE WHEN b THEN 1 END ELSE 2 END	line 1:24: mismatched input 'CASE'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', 'THEN', '[', '||'
WITH RECURSIVE t ( n ) AS ( VALUES 1 UNION ALL SELECT n + 1 FROM ( WHERE n < 5 ) SELECT * FROM t	line 1:68: mismatched input 'WHERE'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>, <query>
CREATE TABLE t AS SELECT 1 a a	line 1:30: mismatched input 'a'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', 'WITH', <EOF>
SELECT ( TABLE t RESPECT	line 1:18: mismatched input 'RESPECT'. Expecting: ')', '.', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION'
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u b WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u . c THEN INSERT ( a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT VALUES ( u . a , DEFAULT_ )	line 1:120: mismatched input 'b'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', 'WHEN', '[', '||', <EOF>, <predicate>
SELECT a FROM t OFFSET 2 ROWS FIRST ? ROWS ONLY	line 1:31: mismatched input 'FIRST'. Expecting: 'FETCH', 'LIMIT', <EOF>
SELECT position ( a , CURRENT_TIMESTAMP b )	line 1:41: mismatched input 'b'. Expecting: '%', '(', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', 'ORDER', '[', '||', <predicate>
GRANT ALL PRIVILEGES ON TABLE a . t TO ROLE r WITH GRANT	line 1:57: mismatched input '<EOF>'. Expecting: 'OPTION'
SELECT JSON_QUERY ( a , 'lax $.b' WITH CONDITIONAL ARRAY SEEK )	line 1:58: mismatched input 'SEEK'. Expecting: 'WRAPPER'
SELECT a FROM t FETCH NEXT RETURN ROWS ONLY	line 1:28: mismatched input 'RETURN'. Expecting: '?', 'ROW', 'ROWS', <integer>
EXPLAIN ANALYZE VERBOSE 1 SELECT	line 1:25: mismatched input '1'. Expecting: '.', 'WITH', <EOF>
SELECT * FROM ( ( SELECT 1 ) UNION ( END 2 ) )	line 1:38: mismatched input 'END'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES'
SELECT TRIM ( a , 'x' FALSE	line 1:23: mismatched input 'FALSE'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AT', '[', '||'
ALTER VIEW v SET AUTHORIZATION AUTHORIZATION USER u	line 1:46: mismatched input 'USER'. Expecting: <EOF>
SELECT row_number ( ) OVER ( RETURN	line 1:36: mismatched input '<EOF>'. Expecting: ')', 'GROUPS', 'MEASURES', 'ORDER', 'PARTITION', 'RANGE', 'ROWS'
CREATE TABLE if ( a )	line 1:22: mismatched input '<EOF>'. Expecting: 'AS', 'COMMENT', 'WITH'
SET ROLE SELECT "Select" IN c	line 1:10: mismatched input 'SELECT'. Expecting: 'ALL', 'NONE', <identifier>
SELECT a FROM t OFFSET 1 ROW 2 LIMIT	line 1:30: mismatched input '2'. Expecting: 'FETCH', 'LIMIT', <EOF>
SELECT sum ( a ) OVER ( ORDER BY b ROWS 1 ) SELECT )	line 1:43: mismatched input ')'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'FOLLOWING', 'OR', 'PRECEDING', '[', '||', <predicate>
DROP CATALOG IF , c CASCADE	line 1:17: mismatched input ','. Expecting: 'CASCADE', 'RESTRICT', <EOF>
START TRANSACTION ISOLATION READ LEVEL UNCOMMITTED	line 1:29: mismatched input 'READ'. Expecting: 'LEVEL'
WITH SESSION a = 1 WITH FUNCTION f ( ) bigint RETURN 1 WITH t AS ( SELECT 1 ) SELECT f ( ) FROM t	line 1:40: mismatched input 'bigint'. Expecting: 'RETURNS'
SELECT JSON_VALUE ( a , 'lax $.b' NULL ON EMPTY TRIM ON ERROR )	line 1:49: mismatched input 'TRIM'. Expecting: ')', 'DEFAULT', 'ERROR', 'NULL'
SELECT * FROM TABLE ( f ( TABLE ( AUTHORIZATION ( SELECT 1 ) UNION SELECT 2 ) t ) )	line 1:49: mismatched input '('. Expecting: ')', '.'
SELECT * FROM ( ( a JOIN b ON x ) MATCH_RECOGNIZE c ON y )	line 1:51: mismatched input 'c'. Expecting: '(', ')', 'CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'MATCH_RECOGNIZE', 'NATURAL', 'RIGHT', 'TABLESAMPLE'
SELECT * FROM JSON_TABLE ( a , '$' AS p COLUMNS ( x int ) PLAN p ) )	line 1:64: mismatched input 'p'. Expecting: '(', 'DEFAULT'
SELECT JSON_VALUE ( a , 'lax $.b' RETURNING bigint IN DEFAULT 0 ON EMPTY )	line 1:52: mismatched input 'IN'. Expecting: '(', ')', 'ARRAY', 'DEFAULT', 'ERROR', 'NULL'
'multi\nline'	line 1:1: mismatched input ''multi\nline''. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
CREATE OR REPLACE REPLACE TABLE t ( a bigint , LIKE b INCLUDING PROPERTIES , LIKE c EXCLUDING PROPERTIES , LIKE d )	line 1:19: mismatched input 'REPLACE'. Expecting: 'FUNCTION', 'MATERIALIZED', 'TABLE', 'VIEW'
SELECT sum ( a ) OVER ( ORDER BY ( WITH ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW )	line 1:46: mismatched input 'BETWEEN'. Expecting: '(', 'AS'
SELECT sum ( a ) OVER ( rows ROWS 1 CUBE )	line 1:37: mismatched input 'CUBE'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'FOLLOWING', 'OR', 'PRECEDING', '[', '||', <predicate>
SELECT a AT TIME ZONE interval hour '1'	line 1:32: mismatched input 'hour'. Expecting: '+', '-', <string>
GRANT r , s TO USER u , ROLE v WITH OPTION GRANTED BY CURRENT_ROLE IN c	line 1:37: mismatched input 'OPTION'. Expecting: 'ADMIN'
CURRENT_TIME SELECT	line 1:1: mismatched input 'CURRENT_TIME'. Expecting: 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
SHOW SHOW FUNCTIONS	line 1:6: mismatched input 'SHOW'. Expecting: 'CATALOGS', 'COLUMNS', 'CREATE', 'CURRENT', 'FUNCTIONS', 'GRANTS', 'ROLE', 'ROLES', 'SCHEMAS', 'SESSION', 'STATS', 'TABLES'
SELECT 1 .	line 1:11: mismatched input '<EOF>'. Expecting: '*', <identifier>
CREATE ROLE r WITH ADMIN FROM u IN c	line 1:26: mismatched input 'FROM'. Expecting: 'CURRENT_ROLE', 'CURRENT_USER', 'ROLE', 'USER', <identifier>
SELECT CAST ( a AS row ( a bigint array CURRENT_PATH timestamp with time zone ) )	line 1:41: mismatched input 'CURRENT_PATH'. Expecting: ')', ',', 'ARRAY', '['
SELECT trim ( both || 'x'	line 1:26: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AT', 'FROM', '[', '||'
ALTER TABLE t ALTER COLUMN COLUMN a DROP NOT NULL	line 1:35: mismatched input 'a'. Expecting: '.', 'DROP', 'SET'
SELECT a FROM t GROUP BY ROW RESTRICT a , b )	line 1:30: mismatched input 'RESTRICT'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WINDOW', '[', '||', <EOF>, <predicate>
GRANT r , s TO USER u , ROLE v ADMIN WITH OPTION GRANTED BY CURRENT_ROLE IN c	line 1:32: mismatched input 'ADMIN'. Expecting: ',', 'GRANTED', 'IN', 'WITH', <EOF>
SELECT DEFINER X '0a 1b\n 2c'	line 1:18: mismatched input ''0a 1b\n 2c''. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
SELECT NORMALIZE ( a , ) NFKC	line 1:24: mismatched input ')'. Expecting: 'NFC', 'NFD', 'NFKC', 'NFKD'
SELECT count . A . * )	line 1:22: mismatched input ')'. Expecting: ',', 'AS', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>
CREATE CATALOG IF NOT EXISTS c USING hive COMMENT 'x' AUTHORIZATION DEFINER ROLE r WITH ( "a.b" = 'c' )	line 1:77: mismatched input 'ROLE'. Expecting: 'WITH', <EOF>
SELECT DISTINCT a , b FROM t , ( SELECT 1 x ) u WHERE t . a = u . x GROUP BY a , b HAVING count ( * ) > 0 ORDER BY 1 DESC NULLS LAST OFFSET 1 1 LIMIT 3	line 1:143: mismatched input '1'. Expecting: 'FETCH', 'LIMIT', 'ROW', 'ROWS', <EOF>
COMMENT ON t IS 'x'	line 1:12: mismatched input 't'. Expecting: 'COLUMN', 'TABLE', 'VIEW'
SET PATH a . b c	line 1:16: mismatched input 'c'. Expecting: ',', <EOF>
SELECT * FROM t , JSON_TABLE ( t . a , 'lax $' PASSING b AS c COLUMNS ( NESTED PATH 'lax $.x' AS n COLUMNS ( x bigint ) , NESTED 'lax $.y' COLUMNS ( y bigint ) ) PLAN DEFAULT ( , CROSS ) EMPTY ON ERROR ) AS j	line 1:178: mismatched input ','. Expecting: 'CROSS', 'INNER', 'OUTER', 'UNION'
SELECT LISTAGG ( DISTINCT a , ',' ) WITHIN GROUP ( GRANTED ORDER BY a DESC ) FILTER ( WHERE b )	line 1:52: mismatched input 'GRANTED'. Expecting: 'ORDER'
MERGE INTO a . t AS x USING ( SELECT 1 a ) u ON x . a = u . a WHEN MATCHED AND x . b > 1 THEN UPDATE SET a = 1 , b = u . b WHEN MATCHED THEN DELETE WHEN MATCHED NOT AND u . c THEN INSERT ( a , b ) VALUES ( 1 , 2 ) WHEN NOT MATCHED THEN INSERT VALUES ( u . a , DEFAULT_ )	line 1:162: mismatched input 'NOT'. Expecting: 'AND', 'THEN'
SELECT * FROM ( 1 TABLE t )	line 1:17: mismatched input '1'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>, <query>
SET SESSION = 1	line 1:13: mismatched input '='. Expecting: 'AUTHORIZATION', <identifier>
SELECT * FROM t MATCH_RECOGNIZE ( PARTITION BY a , b ORDER BY c DESC MEASURES A . x AS y , RUNNING last ( B . z ) AS w ONE ROW PER MATCH AFTER MATCH SKIP PAST * FROM ROW PATTERN ( A B + C * ? D { 2 } E { 1 , } F { , 3 } G { 1 , 2 } ? ( H | I ) ) SUBSET U = ( A , B ) , V = ( C ) DEFINE A AS x > 1 , B AS B . x > prev ( B . x ) ) AS m ( p , q )	line 1:160: mismatched input '*'. Expecting: 'LAST'
SELECT JSON_QUERY ( a , 'lax $.b' WITH UNCONDITIONAL ) WRAPPER	line 1:54: mismatched input ')'. Expecting: 'ARRAY', 'WRAPPER'
SELECT JSON_QUERY ( a , 'lax $.b' WITH : ARRAY WRAPPER )	line 1:40: mismatched input ':'. Expecting: 'ARRAY', 'CONDITIONAL', 'UNCONDITIONAL', 'WRAPPER'
SELECT f ( g ( h ( a )	line 1:23: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FILTER', 'IGNORE', 'OR', 'ORDER', 'OVER', 'RESPECT', '[', '||', <predicate>
GRANT SELECT , LOCALTIMESTAMP foo ON view v TO u	line 1:16: mismatched input 'LOCALTIMESTAMP'. Expecting: 'CREATE', 'DELETE', 'INSERT', 'SELECT', 'UPDATE', <identifier>
SELECT * FROM t TABLESAMPLE BERNOULLI ( ( 10 )	line 1:47: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a , b ) DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = a + 1 ; END WHILE ; top : LOOP LEAVE top ; END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 ; END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:65: mismatched input ')'. Expecting: ',', <type>
SELECT a FROM t ORDER BY a FETCH FIRST 5 ROWS TIES	line 1:47: mismatched input 'TIES'. Expecting: 'ONLY', 'WITH'
SELECT * FROM t AS u MATCH_RECOGNIZE ( ALL ROWS PER MATCH SHOW EMPTY MATCHES AFTER MATCH SKIP TO NEXT ROW INITIAL PATTERN ( ^ A $ ) A AS true ) m	line 1:133: mismatched input 'A'. Expecting: 'DEFINE', 'SUBSET'
SHOW CURRENT	line 1:13: mismatched input '<EOF>'. Expecting: 'ROLES'
DELETE FROM t WHERE a = 1 1	line 1:27: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>
SELECT a FROM t ORDER BY a FETCH FIRST 5 ROWS WITH	line 1:51: mismatched input '<EOF>'. Expecting: 'TIES'
SELECT DISTINCT a , b FROM t , ( SELECT 1 x ) u WHERE t . a = u . x GROUP BY a , b HAVING count ( * ) > 0 ORDER BY 1 DESC NULLS FIRST LAST OFFSET 1 LIMIT 3	line 1:135: mismatched input 'LAST'. Expecting: ',', 'FETCH', 'LIMIT', 'OFFSET', <EOF>
SELECT JSON_VALUE ( a , 'lax $.b' RETURNING DEFAULT bigint 0 ON EMPTY )	line 1:53: mismatched input 'bigint'. Expecting: '(', ')', 'ARRAY', 'DEFAULT', 'ERROR', 'NULL'
ALTER TABLE t EXECUTE ARRAY optimize	line 1:29: mismatched input 'optimize'. Expecting: '(', 'WHERE', <EOF>
SELECT JSON_EXISTS ( a , '$' UNKNOWN ON ERROR	line 1:46: mismatched input '<EOF>'. Expecting: ')'
SELECT ARRAY [	line 1:15: mismatched input '<EOF>'. Expecting: ']', <expression>
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a , b bigint DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = + a 1 ; END WHILE ; top : LOOP LEAVE top ; END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 ; END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:207: mismatched input '1'. Expecting: '%', '*', '+', '-', '.', '/', ';', 'AND', 'AT', 'OR', '[', '||', <predicate>
START TRANSACTION ISOLATION READ COMMITTED	line 1:29: mismatched input 'READ'. Expecting: 'LEVEL'
WITH FUNCTION f ( n bigint ) RETURNS bigint BEGIN DECLARE a , b bigint DEFAULT 1 ; SET a = b + 1 ; IF n = 0 THEN RETURN 0 ; ELSEIF n = 1 THEN RETURN 1 ; ELSE SET b = 2 ; END IF ; WHILE a < n DO SET a = a + 1 ; END WHILE ; top : LOOP LEAVE top END LOOP ; REPEAT SET a = 1 ; ITERATE top ; UNTIL a > 1 END REPEAT ; CASE a WHEN 1 THEN RETURN 1 ; ELSE RETURN 2 ; END CASE ; CASE WHEN a = 1 THEN RETURN 1 ; END CASE ; RETURN a ; END SELECT f ( 5 )	line 1:244: mismatched input 'END'. Expecting: ';'
INSERT INTO t ( a , b ) VALUES 1 , 2 ) , ( 3 , 4 )	line 1:38: mismatched input ')'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'EXCEPT', 'FETCH', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', '[', '||', <EOF>, <predicate>
SELECT sum ( a ) OVER ( ORDER b ROWS CURRENT ROW )	line 1:31: mismatched input 'b'. Expecting: 'BY'
SELECT CAST ( a AS function ( bigint	line 1:37: mismatched input '<EOF>'. Expecting: '(', ')', ',', 'ARRAY'
SELECT f ( g ( h ( a ) ) REPEATABLE )	line 1:26: mismatched input 'REPEATABLE'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'FILTER', 'IGNORE', 'OR', 'ORDER', 'OVER', 'RESPECT', '[', '||', <predicate>
SELECT extract ( DAY FROM interval '1' day ROLLUP	line 1:44: mismatched input 'ROLLUP'. Expecting: '%', ')', '*', '+', '-', '.', '/', 'AT', 'TO', '[', '||'
CREATE VIEW v SECURITY ENCODING WITH ( a = 1 ) AS TABLE t	line 1:24: mismatched input 'ENCODING'. Expecting: 'DEFINER', 'INVOKER'
ANALYZE EXPLAIN t	line 1:17: mismatched input 't'. Expecting: '.', 'WITH', <EOF>
CREATE CATALOG IF NOT EXISTS c USING hive COMMENT 'x' POSITION AUTHORIZATION ROLE r WITH ( "a.b" = 'c' )	line 1:55: mismatched input 'POSITION'. Expecting: 'AUTHORIZATION', 'WITH', <EOF>
EXPLAIN FORMAT GRAPHVIZ ) SELECT 1	line 1:9: mismatched input 'FORMAT'. Expecting: '(', 'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', 'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', 'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', 'WITH', <query>
SELECT RUNNING NOT a	line 1:20: mismatched input 'a'. Expecting: 'BETWEEN', 'IN', 'LIKE'
START TRANSACTION ISOLATION LEVEL	line 1:34: mismatched input '<EOF>'. Expecting: 'READ', 'REPEATABLE', 'SERIALIZABLE'
WITH a AS ( WITH b AS ( SELECT 1 ) SELECT * b ) SELECT * FROM a	line 1:45: mismatched input 'b'. Expecting: ')', ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW'
SELECT sum ( a ) OVER ( ORDER BY b GROUPS BETWEEN USING ( PRECEDING AND UNBOUNDED FOLLOWING )	line 1:51: mismatched input 'USING'. Expecting: 'CURRENT', 'UNBOUNDED', <expression>
SELECT JSON_VALUE ( a FORMAT JSON ENCODING UTF16 , 'lax $' AS root root )	line 1:68: mismatched input 'root'. Expecting: ')', 'DEFAULT', 'ERROR', 'NULL', 'PASSING', 'RETURNING'
SELECT * FROM t CROSS LATERAL ( SELECT t . a ) AS u	line 1:23: mismatched input 'LATERAL'. Expecting: 'JOIN'
SELECT * FROM t MATCH_RECOGNIZE ( ALL ROWS PER MATCH OMIT EMPTY MATCHES AFTER MATCH SKIP TO FIRST FROM t GROUP SEEK PATTERN ( PERMUTE ( A , B C ) { - D - } ( ) ) DEFINE A AS true )	line 1:99: mismatched input 'FROM'. Expecting: 'INITIAL', 'PATTERN', 'SEEK'
SELECT CURRENT_TIME - 9223372036854775808	line 1:23: Invalid numeric literal: 9223372036854775808
SELECT a BETWEEN b + 1 AND c - 1 -> d	line 1:34: mismatched input '->'. Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>
RESET AUTHORIZATION	line 1:7: mismatched input 'AUTHORIZATION'. Expecting: 'SESSION'
