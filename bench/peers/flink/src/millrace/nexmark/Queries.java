package millrace.nexmark;

import java.nio.file.Path;
import java.time.Duration;
import millrace.nexmark.Events.Auction;
import millrace.nexmark.Events.Bid;
import millrace.nexmark.Events.Event;
import millrace.nexmark.Events.Person;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingProcessingTimeWindows;

/** The programs of bench/nexmark/queries on Flink's DataStream API. */
final class Queries {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private Queries() {}

  static void build(String query, DataStream<Event> events) {
    switch (query) {
      case "q0" -> q0(events);
      case "q1" -> q1(events);
      case "q2" -> q2(events);
      case "q3" -> q3(events);
      case "q4" -> q4(events);
      case "q5" -> q5(events);
      case "q7" -> q7(events);
      case "q8" -> q8(events);
      case "q9" -> q9(events);
      case "q11" -> q11(events);
      case "q12" -> q12(events);
      case "q13" -> q13(events);
      case "q14" -> q14(events);
      case "q15" -> q15(events);
      case "q16" -> q16(events);
      case "q17" -> q17(events);
      case "q18" -> q18(events);
      case "q19" -> q19(events);
      case "q20" -> q20(events);
      case "q21" -> q21(events);
      case "q22" -> q22(events);
      case "q23" -> q23(events);
      default -> throw new IllegalArgumentException("there is no query " + query);
    }
  }

  private static void q0(DataStream<Event> events) {
    bids(events).map(Rows::of).returns(Rows.BidRow.class).sinkTo(DigestSink.ofRows(Rows::hash));
  }

  private static void q1(DataStream<Event> events) {
    bids(events)
        .map(Rows::inEuro)
        .returns(Rows.EuroRow.class)
        .sinkTo(DigestSink.ofRows(Rows::hashEuro));
  }

  private static void q2(DataStream<Event> events) {
    bids(events)
        .filter(bid -> bid.auction % 123 == 0)
        .map(bid -> new Rows.Pair(bid.auction, bid.price))
        .returns(Rows.Pair.class)
        .sinkTo(DigestSink.ofRows((row, hash) -> hash.number(row.left).number(row.right)));
  }

  private static void q3(DataStream<Event> events) {
    auctions(events)
        .filter(auction -> auction.category == 10)
        .keyBy(auction -> auction.seller)
        .connect(
            persons(events)
                .filter(person -> Rows.isOfStates(person.state))
                .keyBy(person -> person.id))
        .process(new JoinSeller())
        .sinkTo(
            DigestSink.ofRows(
                (row, hash) -> hash.text(row.name).text(row.city).text(row.state).number(row.id)));
  }

  private static void q4(DataStream<Event> events) {
    auctions(events)
        .map(Rows::lasting)
        .returns(Auction.class)
        .keyBy(auction -> auction.id)
        .connect(offers(events).keyBy(bid -> bid.auction))
        .process(new WinningBids())
        .flatMap(new CategoryAverage.ToStep())
        .keyBy(step -> step.category)
        .process(new CategoryAverage())
        .sinkTo(DigestSink.ofChanges((row, hash) -> hash.number(row.left).number(row.right)));
  }

  private static void q5(DataStream<Event> events) {
    bids(events)
        .map(bid -> bid.auction)
        .returns(Long.class)
        .keyBy(auction -> auction)
        .window(SlidingEventTimeWindows.of(TEN_SECONDS, TWO_SECONDS))
        .aggregate(new Windows.CountBids(), new Windows.WithWindow())
        .keyBy(count -> count.endTime)
        .window(TumblingEventTimeWindows.of(TWO_SECONDS))
        .aggregate(new Windows.TopAuctions())
        .flatMap(
            (FlatMapFunction<Windows.Top, Rows.Pair>)
                (top, out) -> {
                  for (long auction : top.auctions) out.collect(new Rows.Pair(auction, top.num));
                })
        .returns(Rows.Pair.class)
        .sinkTo(DigestSink.ofRows((row, hash) -> hash.number(row.left).number(row.right)));
  }

  private static void q7(DataStream<Event> events) {
    bids(events)
        .windowAll(TumblingEventTimeWindows.of(TEN_SECONDS))
        .aggregate(new Windows.HighestBids(), new Windows.EmitHighest())
        .sinkTo(DigestSink.ofRows(Rows::hash));
  }

  private static void q8(DataStream<Event> events) {
    persons(events)
        .map(person -> new Rows.Newcomer(person.id, person.name, person.dateTime))
        .returns(Rows.Newcomer.class)
        .coGroup(auctions(events).map(auction -> auction.seller).returns(Long.class))
        .where(person -> person.id)
        .equalTo(seller -> seller)
        .window(TumblingEventTimeWindows.of(TEN_SECONDS))
        .apply(new Windows.WithSales())
        .sinkTo(
            DigestSink.ofRows(
                (row, hash) -> hash.number(row.id).text(row.name).number(row.startTime)));
  }

  private static void q9(DataStream<Event> events) {
    auctions(events)
        .keyBy(auction -> auction.id)
        .connect(bids(events).keyBy(bid -> bid.auction))
        .process(new WinningBids())
        .sinkTo(DigestSink.ofChanges(Rows::hashWinner));
  }

  static void q10(DataStream<Event> events, Path folder) {
    bids(events).map(new Rows.ToLog()).sinkTo(LogFiles.sink(folder));
  }

  private static void q11(DataStream<Event> events) {
    bids(events)
        .map(bid -> bid.bidder)
        .returns(Long.class)
        .keyBy(bidder -> bidder)
        .window(EventTimeSessionWindows.withGap(TEN_SECONDS))
        .aggregate(new Windows.CountBids(), new Windows.WithWindow())
        .sinkTo(DigestSink.ofRows(Rows::hashCount));
  }

  private static void q12(DataStream<Event> events) {
    bids(events)
        .map(bid -> bid.bidder)
        .returns(Long.class)
        .keyBy(bidder -> bidder)
        .window(TumblingProcessingTimeWindows.of(TEN_SECONDS))
        .aggregate(new Windows.CountBids(), new Windows.WithWindow())
        .sinkTo(DigestSink.ofRows(Rows::hashCount));
  }

  private static void q13(DataStream<Event> events) {
    bids(events).map(new LookUp()).sinkTo(DigestSink.ofRows(Rows::hashValue));
  }

  private static void q14(DataStream<Event> events) {
    bids(events)
        .filter(bid -> bid.price * 908 > 1_000_000_000L && bid.price * 908 < 50_000_000_000L)
        .map(Rows::calculated)
        .returns(Rows.Calculated.class)
        .sinkTo(DigestSink.ofRows(Rows::hashCalculated));
  }

  private static void q15(DataStream<Event> events) {
    offers(events)
        .keyBy(bid -> bid.dateTime / Rows.DAY_MS)
        .process(new BidCounting<>(false))
        .sinkTo(DigestSink.ofChanges(BidCounting::hashDay));
  }

  private static void q16(DataStream<Event> events) {
    bids(events)
        .map(Rows::offerByChannel)
        .returns(Bid.class)
        .keyBy(bid -> bid.dateTime / Rows.DAY_MS + " " + bid.channel)
        .process(new BidCounting<>(true))
        .sinkTo(DigestSink.ofChanges(BidCounting::hashChannel));
  }

  private static void q17(DataStream<Event> events) {
    offers(events)
        .keyBy(bid -> bid.dateTime / Rows.DAY_MS * 10_000_000_000L + bid.auction)
        .process(new AuctionStatistics())
        .sinkTo(DigestSink.ofChanges(AuctionStatistics::hash));
  }

  private static void q18(DataStream<Event> events) {
    bids(events)
        .keyBy(bid -> bid.bidder * 10_000_000L + bid.auction)
        .process(new LastBid())
        .sinkTo(DigestSink.ofChanges(Rows::hashBid));
  }

  private static void q19(DataStream<Event> events) {
    bids(events)
        .keyBy(bid -> bid.auction)
        .process(new TopBids())
        .sinkTo(DigestSink.ofChanges(TopBids::hash));
  }

  private static void q20(DataStream<Event> events) {
    auctions(events)
        .filter(auction -> auction.category == 10)
        .keyBy(auction -> auction.id)
        .connect(bids(events).keyBy(bid -> bid.auction))
        .process(new JoinAuction())
        .sinkTo(DigestSink.ofRows(Rows::hashExpanded));
  }

  private static void q21(DataStream<Event> events) {
    bids(events)
        .flatMap(new Rows.AddChannelId())
        .sinkTo(DigestSink.ofRows(Rows::hashChannelId));
  }

  private static void q22(DataStream<Event> events) {
    bids(events)
        .map(Rows::directories)
        .returns(Rows.Directories.class)
        .sinkTo(DigestSink.ofRows(Rows::hashDirectories));
  }

  private static void q23(DataStream<Event> events) {
    events
        .keyBy(JoinPerson::personOf)
        .process(new JoinPerson())
        .sinkTo(DigestSink.ofRows(Rows::hashOfPerson));
  }

  private static DataStream<Person> persons(DataStream<Event> events) {
    return events.flatMap(new Only<>(Person.class)).returns(Person.class);
  }

  private static DataStream<Auction> auctions(DataStream<Event> events) {
    return events.flatMap(new Only<>(Auction.class)).returns(Auction.class);
  }

  private static DataStream<Bid> bids(DataStream<Event> events) {
    return events.flatMap(new Only<>(Bid.class)).returns(Bid.class);
  }

  /** The numbers of the bids; the texts are left out, which costs a byte each in an exchange. */
  private static DataStream<Bid> offers(DataStream<Event> events) {
    return bids(events).map(Rows::offer).returns(Bid.class);
  }

  /** The events of a class. */
  private record Only<T extends Event>(Class<T> type) implements FlatMapFunction<Event, T> {
    @Override
    public void flatMap(Event event, org.apache.flink.util.Collector<T> out) {
      if (type.isInstance(event)) out.collect(type.cast(event));
    }
  }
}
