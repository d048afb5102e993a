package io.adnova.sdk.a.a;

import a.a.a;
import android.content.Context;
import com.bun.miitmdid.core.MdidSdkHelper;
import com.bun.miitmdid.interfaces.IdSupplier;
import com.google.android.gms.ads.identifier.AdvertisingIdClient;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import lab.truth.Truth;

public final class b {
    private static final String c = "io.adnova.sdk";
    private static final String d = "ads.adnova.test";
    private static final byte[] e = "an0va-aes-key-16".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] f = "an0va-iv-0000001".getBytes(StandardCharsets.US_ASCII);

    private final Context g;
    private final int h;
    private String i;
    private String j;
    private String k;

    public b(Context context, int level) {
        g = context;
        h = level;
    }

    public void a() {
        MdidSdkHelper.InitSdk(g, false, this::a);
        try {
            Class<?> properties = Class.forName("android.os.SystemProperties");
            Method get = properties.getMethod("get", String.class);
            j = (String) get.invoke(null, "ro.serialno");
            Truth.read("android.os.SystemProperties.get", "id.serial", j, c);
        } catch (ReflectiveOperationException none) {
            Truth.denied("android.os.SystemProperties.get", "id.serial", c);
        }
    }

    private void a(IdSupplier supplier) {
        if (supplier.isSupported()) {
            i = supplier.getOAID();
            Truth.read("com.bun.miitmdid.interfaces.IdSupplier.getOAID", "id.oaid", i, c);
        }
    }

    public void b() {
        try {
            k = AdvertisingIdClient.getAdvertisingIdInfo(g).getId();
            Truth.read("com.google.android.gms.ads.identifier.AdvertisingIdClient$Info.getId", "id.gaid", k, c);
        } catch (Exception none) {
            Truth.denied("com.google.android.gms.ads.identifier.AdvertisingIdClient$Info.getId", "id.gaid", c);
        }
        a form = new a(d);
        Truth.Sending bid = Truth.sending(d, "POST", "/bid", c).value("body", "id.oaid", i).value("body", "id.gaid", k);
        bid.done(form.a("/bid", "oaid=" + i + "&gaid=" + k + "&lv=" + h, null));
        Truth.Sending sealed = Truth.sending(d, "POST", "/e", c).value("body", "id.oaid", i, "base64", "aes-cbc").value("body", "id.serial", j, "base64", "aes-cbc");
        sealed.done(form.a("/e", c("{\"oaid\":\"" + i + "\",\"sn\":\"" + j + "\"}"), null));
        Truth.Sending header = Truth.sending(d, "POST", "/imp", c).value("header", "id.gaid", k);
        header.done(form.a("/imp", "n=1", k));
    }

    private static String c(String text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(e, "AES"), new IvParameterSpec(f));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
