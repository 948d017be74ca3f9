package decnet.decoys;

/** What became of an attempt to reach another machine. */
public sealed interface Reach {
    /** It listens: what it says comes to the visitor. */
    record Open(Line line) implements Reach {}

    /** The machine is there, and nothing listens at that port. */
    record Refused() implements Reach {}

    /** Nobody answers: no such machine, no way to it, or too many lines already. */
    record Silent() implements Reach {}
}
