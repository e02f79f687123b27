const DAY = "strftime('%Y-%m-%d', dateTime / 1000, 'unixepoch')"

const BID_COUNTS = `count(*),
  count(*) FILTER (WHERE price < 10000),
  count(*) FILTER (WHERE price >= 10000 AND price < 1000000),
  count(*) FILTER (WHERE price >= 1000000)`

const distinctCounts = (field: string): string => `count(DISTINCT ${field}),
  count(DISTINCT ${field}) FILTER (WHERE price < 10000),
  count(DISTINCT ${field}) FILTER (WHERE price >= 10000 AND price < 1000000),
  count(DISTINCT ${field}) FILTER (WHERE price >= 1000000)`

const ALL_COUNTS = `${BID_COUNTS}, ${distinctCounts('bidder')}, ${distinctCounts('auction')}`

/** Each auction's bids in time, the best first. */
const RANKED = `SELECT auction.*, bid.*, row_number() OVER (
    PARTITION BY auction.id ORDER BY price DESC, bid.dateTime, bidder) AS place
  FROM auction JOIN bid ON bid.auction = auction.id
  WHERE bid.dateTime BETWEEN auction.dateTime AND auction.expires`

/** The queries in the dialect of SQLite; columns in the order of the rows of our programs. */
export const REFERENCE_SQL: Readonly<Record<string, string>> = {
  q0: 'SELECT auction, bidder, price, dateTime, extra FROM bid',
  q1: 'SELECT auction, bidder, price * 908 / 1000.0, dateTime, extra FROM bid',
  q2: 'SELECT auction, price FROM bid WHERE auction % 123 = 0',
  q3: `SELECT name, city, state, auction.id FROM auction JOIN person ON person.id = seller
    WHERE category = 10 AND state IN ('OR', 'ID', 'CA')`,
  q4: `SELECT category, CAST(sum(final) / count(*) AS INTEGER) FROM (
      SELECT category, max(price) AS final FROM auction JOIN bid ON bid.auction = auction.id
      WHERE bid.dateTime BETWEEN auction.dateTime AND expires GROUP BY auction.id, category)
    GROUP BY category`,
  q5: `WITH hop(back) AS (VALUES (0), (1), (2), (3), (4)),
    counted AS MATERIALIZED (
      SELECT auction, (dateTime / 2000 - back) * 2000 AS start, count(*) AS num
      FROM bid, hop GROUP BY 1, 2),
    best AS MATERIALIZED (SELECT start, max(num) AS num FROM counted GROUP BY start)
    SELECT auction, counted.num FROM counted JOIN best USING (start, num)`,
  q6: `SELECT seller, CAST(sum(price) OVER last / count(*) OVER last AS INTEGER)
    FROM (${RANKED}) WHERE place = 1
    WINDOW last AS (
      PARTITION BY seller ORDER BY expires, id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW)`,
  q7: `SELECT auction, bidder, price, dateTime, extra FROM bid JOIN (
      SELECT max(price) AS highest, (dateTime / 10000 + 1) * 10000 AS end FROM bid GROUP BY 2)
    ON price = highest AND dateTime BETWEEN end - 10000 AND end`,
  q8: `SELECT DISTINCT person.id, name, person.dateTime / 10000 * 10000
    FROM person JOIN auction ON person.id = seller
    AND person.dateTime / 10000 = auction.dateTime / 10000`,
  q9: `SELECT id, itemName, description, initialBid, reserve, dateTime, expires, seller, category,
      extra, auction, bidder, price, channel, url, "dateTime:1", "extra:1"
    FROM (${RANKED}) WHERE place = 1`,
  q10: `SELECT auction, bidder, price, dateTime, extra, ${DAY},
      strftime('%H:%M', dateTime / 1000, 'unixepoch') FROM bid`,
  q11: `WITH marked AS (
      SELECT bidder, dateTime, dateTime - lag(dateTime, 1, -1e15) OVER (
        PARTITION BY bidder ORDER BY dateTime) > 10000 AS isFirst FROM bid),
    numbered AS (
      SELECT bidder, dateTime, sum(isFirst) OVER (
        PARTITION BY bidder ORDER BY dateTime ROWS UNBOUNDED PRECEDING) AS session FROM marked)
    SELECT bidder, count(*), min(dateTime), max(dateTime) + 10000
    FROM numbered GROUP BY bidder, session`,
  q13: `WITH RECURSIVE side(key) AS (SELECT 0 UNION ALL SELECT key + 1 FROM side WHERE key < 9999)
    SELECT auction, bidder, price, dateTime, CAST(key AS TEXT)
    FROM bid JOIN side ON key = auction % 10000`,
  q14: `SELECT auction, bidder, price * 908 / 1000.0,
      CASE WHEN hour BETWEEN 8 AND 18 THEN 'dayTime'
        WHEN hour <= 6 OR hour >= 20 THEN 'nightTime' ELSE 'otherTime' END,
      dateTime, extra, length(extra) - length(replace(extra, 'c', ''))
    FROM (SELECT *, dateTime / 3600000 % 24 AS hour FROM bid)
    WHERE price * 908 > 1000000000 AND price * 908 < 50000000000`,
  q15: `SELECT ${DAY}, ${ALL_COUNTS} FROM bid GROUP BY 1`,
  q16: `SELECT channel, ${DAY}, max(strftime('%H:%M', dateTime / 1000, 'unixepoch')), ${ALL_COUNTS}
    FROM bid GROUP BY channel, ${DAY}`,
  q17: `SELECT auction, ${DAY}, ${BID_COUNTS}, min(price), max(price),
      sum(price) / count(*), sum(price) FROM bid GROUP BY auction, ${DAY}`,
  q18: `SELECT auction, bidder, price, channel, url, dateTime, extra FROM (
      SELECT *, row_number() OVER (
        PARTITION BY bidder, auction ORDER BY dateTime DESC, price DESC) AS place FROM bid)
    WHERE place = 1`,
  q19: `SELECT * FROM (
      SELECT *, row_number() OVER (
        PARTITION BY auction ORDER BY price DESC, dateTime, bidder) AS place FROM bid)
    WHERE place <= 10`,
  q20: `SELECT bid.*, auction.* FROM bid JOIN auction ON bid.auction = auction.id
    WHERE category = 10`,
  q21: `SELECT auction, bidder, price, channel,
      CASE channel WHEN 'Apple' THEN '0' WHEN 'Google' THEN '1' WHEN 'Facebook' THEN '2'
        WHEN 'Baidu' THEN '3' ELSE substr(url, instr(url, '&channel_id=') + 12) END
    FROM bid WHERE channel NOT LIKE 'channel-%' OR instr(url, '&channel_id=') > 0`,
  q22: `SELECT auction, bidder, price, channel,
      split_index(url, 3), split_index(url, 4), split_index(url, 5) FROM bid`,
  q23: `SELECT bid.*, person.*, auction.* FROM bid JOIN person ON person.id = bidder
    JOIN auction ON seller = bidder`,
}
