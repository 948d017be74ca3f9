package decnet.netd;

import decnet.core.DeckyName;
import decnet.core.Places;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * What things of the kernel are called. All names of an installation have its tag, so that two on one host do not touch each other's,
 * and what a killed process left is known for ours.
 *
 * @param tag six hex digits, from the state folder's path
 */
record NetworkNames(String tag) {
    private static final String NAMESPACE = "decnet-";
    private static final String LINK = "dn";

    static NetworkNames of(Places places) {
        return new NetworkNames(hash(places.state().toString()).substring(0, 6));
    }

    private static String hash(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /** Every namespace of ours begins so. */
    String namespacePrefix() {
        return NAMESPACE + tag + "-";
    }

    String namespace(DeckyName decky) {
        return namespacePrefix() + decky.text();
    }

    /** That of the segments that have no place on the real network. No decky is called so: a dot is no part of their names. */
    String switches() {
        return namespacePrefix() + ".switches";
    }

    /** Every link of ours outside the machines begins so. */
    String linkPrefix() {
        return LINK + tag;
    }

    /** The bridge of a segment; 15 characters are the most. */
    String bridge(String lan) {
        return linkPrefix() + "b" + hash("lan " + lan).substring(2);
    }

    /** The outer end of a machine's line. */
    String port(DeckyName decky, int attachment) {
        return linkPrefix() + "p"
                + hash("port " + attachment + " " + decky.text()).substring(2);
    }

    /** Where this host itself stands on a segment that it has macvlan links on. */
    String shim(String uplink) {
        return linkPrefix() + "h" + hash("uplink " + uplink).substring(2);
    }
}
