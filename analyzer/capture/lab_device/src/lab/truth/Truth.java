package lab.truth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lab.runtime.App;
import lab.runtime.Json;

/**
 * Writes down, out of band, what an app really read and sent, so that an analysis can be held against it.
 *
 * <p>Does nothing unless `-Dlab.truth` names a file. One JSON line per fact, flushed at once; several processes may
 * write to one file. The consent phase is shared between the processes of an app through a small file beside it.
 */
public final class Truth {
    private static final String FILE = System.getProperty("lab.truth");
    private static long sequence;

    private Truth() {}

    /** Says what the person has chosen: `initial`, `accepted` or `refused`. Call it in the click listener. */
    public static void phase(String phase) {
        if (FILE == null) {
            return;
        }
        try {
            Files.writeString(Path.of(FILE + ".phase"), phase);
        } catch (IOException problem) {
            throw new IllegalStateException("the truth log cannot be written: " + FILE, problem);
        }
    }

    /** An API returned personal data; `sdk` is the Java package prefix of the caller. */
    public static void read(String api, String dataType, Object value, String sdk) {
        Map<String, Object> line = start("read", now(), current());
        line.put("api", api);
        line.put("data_type", dataType);
        line.put("value", value == null ? null : value.toString());
        line.put("sdk", sdk);
        write(line);
    }

    /** An API was asked for personal data and gave none: an exception, null, or Android's constant. */
    public static void denied(String api, String dataType, String sdk) {
        read(api, dataType, null, sdk);
    }

    /** A request is about to leave; call it before the first byte. */
    public static Sending sending(String host, String method, String path, String sdk) {
        return new Sending(host, method, path, sdk);
    }

    /** One outgoing request and the values in it. */
    public static final class Sending {
        private final List<Map<String, Object>> lines = new ArrayList<>();
        private final long instant = now();
        private final String phase = current();
        private final String host;
        private final String method;
        private final String path;
        private final String sdk;

        private Sending(String host, String method, String path, String sdk) {
            this.host = host;
            this.method = method;
            this.path = path;
            this.sdk = sdk;
        }

        /** Notes a value: its carrier (body, query, header, cookie, path, message) and its encodings from outer to inner. */
        public Sending value(String carrier, String dataType, Object value, String... encodings) {
            Map<String, Object> line = start("send", instant, phase);
            line.put("host", host);
            line.put("method", method);
            line.put("path", path);
            line.put("carrier", carrier);
            line.put("encodings", List.of(encodings));
            line.put("data_type", dataType);
            line.put("value", String.valueOf(value));
            line.put("sdk", sdk);
            lines.add(line);
            return this;
        }

        /** Writes the lines; `delivered` is false when the connection was refused before anything left. */
        public void done(boolean delivered) {
            for (Map<String, Object> line : lines) {
                line.put("delivered", delivered);
                write(line);
            }
        }
    }

    private static long now() {
        return System.nanoTime() / 1000;
    }

    private static String current() {
        if (FILE == null) {
            return "initial";
        }
        Path path = Path.of(FILE + ".phase");
        try {
            return Files.exists(path) ? Files.readString(path).trim() : "initial";
        } catch (IOException problem) {
            return "unknown";
        }
    }

    private static Map<String, Object> start(String what, long instant, String phase) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("seq", 0L);
        line.put("mono_us", instant);
        line.put("process", App.processName());
        line.put("what", what);
        line.put("phase", phase);
        return line;
    }

    private static synchronized void write(Map<String, Object> line) {
        if (FILE == null) {
            return;
        }
        line.put("seq", ++sequence);
        byte[] bytes = (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel file = FileChannel.open(Path.of(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            file.write(ByteBuffer.wrap(bytes)); // one write call: lines of two processes do not mix
        } catch (IOException problem) {
            throw new IllegalStateException("the truth log cannot be written: " + FILE, problem);
        }
    }
}
