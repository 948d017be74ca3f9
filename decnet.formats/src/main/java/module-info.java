/**
 * How others write events: logs of other honeypots and sensors in, formats of monitoring systems out. Pure functions from bytes to
 * events and from events to text; no files, no sockets, no clock.
 */
@org.jspecify.annotations.NullMarked
module decnet.formats {
    requires static transitive org.jspecify;
    requires transitive decnet.core;

    exports decnet.formats;
}
