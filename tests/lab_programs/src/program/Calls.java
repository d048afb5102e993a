package program;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Calls everything a hook could disturb and prints what it sees: the output must be the same with the agent. */
public final class Calls {
    private Calls() {}

    static void say(String what, Object seen) {
        System.out.println(what + " = " + seen);
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) text.append(String.format("%02x", one));
        return text.toString();
    }

    interface Work {
        Object run() throws Throwable;
    }

    static void attempt(String what, Work work) {
        try {
            say(what, work.run());
        } catch (Throwable thrown) {
            say(what + " threw", thrown.getClass().getName() + ": " + thrown.getMessage() + " at " + thrown.getStackTrace()[0].getMethodName());
        }
    }

    public static void main(String[] args) throws Throwable {
        Target target = new Target("first");
        plain(target);
        references(target);
        failures(target);
        concurrency(target);
        reflection(target);
        crypto();
        sockets();
        System.out.flush();
    }

    static void plain(Target target) {
        say("boolean", target.flag(true) + " " + target.flag(false));
        say("byte", target.small((byte) -7));
        say("short", target.shorter((short) -3000));
        say("char", (int) target.letter('\ud800') + " " + target.letter('x'));
        say("int", target.number(Integer.MIN_VALUE));
        say("long", target.wide(Long.MAX_VALUE) + " " + target.wide(Long.MIN_VALUE));
        say("float", Float.floatToRawIntBits(target.single(-0.0f)) + " " + target.single(Float.NaN));
        say("double", Double.doubleToRawLongBits(target.fraction(-0.0)) + " " + target.fraction(Double.MIN_VALUE));
        say("mixed", target.mixed(1, 2L, 3.5f, 4.25, "five", (byte) 6, true, 'c', null));
        say("static", Target.twice(21));
        say("void", target.touch() + " " + target.touched);
        say("recursion", target.factorial(12));
        say("deep", target.depth(30));
        say("overload", target.over("x") + target.over(1) + target.over(null, 2) + target.over());
    }

    static void references(Target target) {
        String interned = "a constant";
        say("string identity", target.echo(interned) == interned);
        String odd = "nul\u0000 lone \ud83d end \ud83d\ude00";
        say("odd string", target.echo(odd).equals(odd) + " " + (target.echo(odd) == odd));
        say("null string", target.echo(null));
        Object object = new ArrayList<>(List.of(1));
        say("object identity", target.same(object) == object);
        String[] array = {"b", "a", null};
        say("array identity", target.sorted(array) == array);
        say("array changed", Arrays.toString(array));
        Object[] strange = new String[] {"typed"};
        say("array type", target.objects(strange).getClass().getName());
        int[] numbers = {3, 1, 2};
        target.fill(numbers);
        say("numbers", Arrays.toString(numbers));
        byte[] bytes = {1, 2, 3};
        say("bytes identity", target.bytes(bytes) == bytes);
        say("varargs", target.join("-", "a", "b") + target.join("+") + target.join("*", (String[]) null));
        say("empty", target.echo("").isEmpty());
        say("long string", target.echo("x".repeat(100_000)).length());
        say("constructor", new Target("second").name + " " + new Target().name);
        say("hostile", target.same(new Hostile()).getClass().getSimpleName());
        say("inherited", new Target.Child("kid").echo("child") + " " + new Target.Child("kid").number(4));
        List<String> list = target.list();
        say("list", list + " " + list.getClass().getName());
        say("generic", target.<Integer>generic(7) + 1);
    }

    static void failures(Target target) {
        attempt("checked", () -> target.fails("checked"));
        attempt("unchecked", () -> target.fails("unchecked"));
        attempt("error", () -> target.fails("error"));
        attempt("own", () -> target.fails("own"));
        attempt("class cast", () -> target.<String>generic(7).length());
        attempt("constructor", () -> new Target(-1));
        attempt("cause", () -> {
            try {
                return target.fails("cause");
            } catch (IllegalStateException thrown) {
                return thrown.getCause() == Target.CAUSE;
            }
        });
        attempt("digest", () -> MessageDigest.getInstance("NO-SUCH-HASH"));
        for (int index = 0; index < 20; index++) attempt("repeated " + index, () -> target.fails("own"));
    }

    static void concurrency(Target target) throws Exception {
        Thread[] threads = new Thread[4];
        for (int index = 0; index < threads.length; index++) {
            threads[index] = new Thread(() -> {
                for (int turn = 0; turn < 250; turn++) target.count();
            });
            threads[index].start();
        }
        for (Thread thread : threads) thread.join();
        say("synchronized", target.counted);
        say("thread name", threads[0].getName() + " " + Thread.currentThread().getName());
        say("interrupted", Thread.interrupted());
        synchronized (target) {
            say("reentrant", target.count());
        }
        say("holds", target.holds() + " " + Thread.holdsLock(target));
    }

    static void reflection(Target target) throws Exception {
        say("invoke", Target.class.getMethod("echo", String.class).invoke(target, "reflected"));
        attempt("invoke fails", () -> Target.class.getMethod("fails", String.class).invoke(target, "own"));
        say("new instance", Target.class.getConstructor(String.class).newInstance("made").name);
        java.util.function.Function<String, String> reference = target::echo;
        say("method reference", reference.apply("referred"));
        say("methods", Target.class.getDeclaredMethods().length);
    }

    static void crypto() throws Exception {
        byte[] text = "490154203237518".getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        say("digest", hex(digest.digest(text)));
        digest.update(text, 0, 5);
        digest.update(text[5]);
        digest.update(ByteBuffer.wrap(text, 6, 9));
        say("parts", hex(digest.digest()));
        byte[] room = new byte[40];
        digest.update(text);
        say("into", digest.digest(room, 4, 36) + " " + hex(room));
        ByteBuffer buffer = ByteBuffer.wrap(text);
        digest.update(buffer);
        say("buffer", buffer.position() + " " + hex(digest.digest()));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("a key".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        mac.update(text);
        say("mac", hex(mac.doFinal()));
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        SecretKeySpec key = new SecretKeySpec("0123456789abcdef".getBytes(StandardCharsets.UTF_8), "AES");
        IvParameterSpec iv = new IvParameterSpec(new byte[16]);
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        byte[] first = cipher.update(new byte[20]);
        byte[] secret = cipher.doFinal(text);
        say("cipher", hex(first) + hex(secret));
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        byte[] whole = cipher.doFinal(text);
        say("whole", hex(whole));
        cipher.init(Cipher.DECRYPT_MODE, key, iv);
        say("plain", new String(cipher.doFinal(whole), StandardCharsets.UTF_8));
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (CipherOutputStream stream = new CipherOutputStream(sealed, cipher)) {
            stream.write(text);
        }
        say("stream", hex(sealed.toByteArray()));
        MessageDigest streamed = MessageDigest.getInstance("SHA-512");
        new DigestInputStream(new ByteArrayInputStream(text), streamed).readAllBytes();
        say("streamed", hex(streamed.digest()));
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        say("long", cipher.doFinal(new byte[70_000]).length);
        cipher.init(Cipher.DECRYPT_MODE, key, iv);
        attempt("bad padding", () -> cipher.doFinal(new byte[3]));
    }

    static void sockets() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            say("connected", client.isConnected());
            System.err.println("ports " + client.getLocalPort() + " " + server.getLocalPort());
        }
        attempt("refused", () -> new Socket("127.0.0.1", 1));
    }
}
