package decnet.capture;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a followed file, and how to know the file again after it was renamed or copied. Text form
 * {@code ID:INODE:LENGTH:HASH:OFFSET[:TOLD]}.
 *
 * @param id 16 hexadecimal digits drawn when the file was first opened: the journal of its events' ids
 * @param inode its number in the file system
 * @param headLength how many bytes of its beginning {@code headHash} is of, at most {@value #HEAD}
 * @param headHash 16 hexadecimal digits of their SHA-256
 * @param offset where reading goes on
 * @param told where the first line begins that has not become an event yet. It lies behind {@code offset} while a joined line has begun
 *     and not ended: what stands between the two is read again, but not told again
 */
record FilePlace(String id, long inode, int headLength, String headHash, long offset, long told) {
    /** Bytes of the beginning that tell one file from another. */
    static final int HEAD = 512;

    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f]{16}):(\\d{1,18}):(\\d{1,9}):([0-9a-f]{16}):(\\d{1,18})(?::(\\d{1,18}))?");

    /** Empty if {@code text} is not of that form: a channel of this name may have been something else before. */
    static Optional<FilePlace> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long offset = Long.parseLong(matcher.group(5));
        return Optional.of(new FilePlace(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                matcher.group(4),
                offset,
                matcher.group(6) == null ? offset : Math.max(offset, Long.parseLong(matcher.group(6)))));
    }

    /** Everything before {@code newOffset} is done with. */
    FilePlace at(long newOffset) {
        return new FilePlace(id, inode, headLength, headHash, newOffset, Math.max(told, newOffset));
    }

    /** Read again from the same place, but what begins before {@code newTold} has become an event. */
    FilePlace toldUntil(long newTold) {
        return new FilePlace(id, inode, headLength, headHash, offset, newTold);
    }

    @Override
    public String toString() {
        String text = id + ":" + inode + ":" + headLength + ":" + headHash + ":" + offset;
        return told > offset ? text + ":" + told : text;
    }
}
