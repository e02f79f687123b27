package millrace.nexmark;

/** The events of the stream. Fields are public, so that Flink takes the classes for POJOs. */
public final class Events {
  private Events() {}

  public abstract static class Event {
    public long dateTime;
  }

  public static final class Person extends Event {
    public long id;
    public String name;
    public String emailAddress;
    public String creditCard;
    public String city;
    public String state;
    public String extra;
  }

  public static final class Auction extends Event {
    public long id;
    public String itemName;
    public String description;
    public long initialBid;
    public long reserve;
    public long expires;
    public long seller;
    public long category;
    public String extra;
  }

  public static final class Bid extends Event {
    public long auction;
    public long bidder;
    public long price;
    public String channel;
    public String url;
    public String extra;
  }
}
