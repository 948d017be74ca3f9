package decnet.capture;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a followed file, and how to know the file again after it was renamed or copied. Text form {@code ID:INODE:LENGTH:HASH:OFFSET}.
 *
 * @param id 16 hexadecimal digits drawn when the file was first opened: the journal of its events' ids
 * @param inode its number in the file system
 * @param headLength how many bytes of its beginning {@code headHash} is of, at most {@value #HEAD}
 * @param headHash 16 hexadecimal digits of their SHA-256
 * @param offset where the next line begins
 */
record FilePlace(String id, long inode, int headLength, String headHash, long offset) {
    /** Bytes of the beginning that tell one file from another. */
    static final int HEAD = 512;

    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f]{16}):(\\d{1,18}):(\\d{1,9}):([0-9a-f]{16}):(\\d{1,18})");

    /** Empty if {@code text} is not of that form: a channel of this name may have been something else before. */
    static Optional<FilePlace> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new FilePlace(
                        matcher.group(1),
                        Long.parseLong(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        matcher.group(4),
                        Long.parseLong(matcher.group(5))))
                : Optional.empty();
    }

    FilePlace at(long newOffset) {
        return new FilePlace(id, inode, headLength, headHash, newOffset);
    }

    @Override
    public String toString() {
        return id + ":" + inode + ":" + headLength + ":" + headHash + ":" + offset;
    }
}
