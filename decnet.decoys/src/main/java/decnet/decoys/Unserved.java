package decnet.decoys;

import decnet.core.DeckyName;

/**
 * A place where a machine should listen and does not.
 *
 * @param why for a person
 */
public record Unserved(DeckyName decky, String why) {
    @Override
    public String toString() {
        return decky + ": " + why;
    }
}
