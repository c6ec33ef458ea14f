/** TPC-H's tables with the names (without prefix) and types of Trino's tpch connector. */
import type { Table } from '#catalog/model'
import { schemaTables } from './schema-tables.ts'

const TABLES: Readonly<Record<string, string>> = {
  customer: `
    custkey bigint, name varchar(25), address varchar(40), nationkey bigint, phone varchar(15), acctbal double,
    mktsegment varchar(10), comment varchar(117)
  `,
  orders: `
    orderkey bigint, custkey bigint, orderstatus varchar(1), totalprice double, orderdate date,
    orderpriority varchar(15), clerk varchar(15), shippriority integer, comment varchar(79)
  `,
  lineitem: `
    orderkey bigint, partkey bigint, suppkey bigint, linenumber integer, quantity double, extendedprice double,
    discount double, tax double, returnflag varchar(1), linestatus varchar(1), shipdate date, commitdate date,
    receiptdate date, shipinstruct varchar(25), shipmode varchar(10), comment varchar(44)
  `,
  part: `
    partkey bigint, name varchar(55), mfgr varchar(25), brand varchar(10), type varchar(25), size integer,
    container varchar(10), retailprice double, comment varchar(23)
  `,
  partsupp: `
    partkey bigint, suppkey bigint, availqty integer, supplycost double, comment varchar(199)
  `,
  supplier: `
    suppkey bigint, name varchar(25), address varchar(40), nationkey bigint, phone varchar(15), acctbal double,
    comment varchar(101)
  `,
  nation: `
    nationkey bigint, name varchar(25), regionkey bigint, comment varchar(152)
  `,
  region: `
    regionkey bigint, name varchar(25), comment varchar(152)
  `,
}

/** The tables by name, in schema `tpch`. */
export const TPCH_TABLES: ReadonlyMap<string, Table> = schemaTables('tpch', TABLES)
