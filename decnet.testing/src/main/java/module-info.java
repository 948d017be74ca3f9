/** For tests only: waiting for a condition, free ports, golden files, child processes. Part of no image. */
@org.jspecify.annotations.NullMarked
module decnet.testing {
    requires static transitive org.jspecify;

    exports decnet.testing;
}
