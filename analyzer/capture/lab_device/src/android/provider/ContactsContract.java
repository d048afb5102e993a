package android.provider;

import android.net.Uri;

public final class ContactsContract {
    public static final String AUTHORITY = "com.android.contacts";
    public static final Uri AUTHORITY_URI = Uri.parse("content://com.android.contacts");

    public ContactsContract() {}

    public static class Contacts implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/contacts");
        public static final String DISPLAY_NAME = "display_name";
        public static final String HAS_PHONE_NUMBER = "has_phone_number";

        Contacts() {}
    }

    public static final class Data implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/data");

        Data() {}
    }

    public static final class CommonDataKinds {
        CommonDataKinds() {}

        public static final class Phone implements BaseColumns {
            public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/data/phones");
            public static final String CONTACT_ID = "contact_id";
            public static final String DISPLAY_NAME = "display_name";
            public static final String NUMBER = "data1";
            public static final String NORMALIZED_NUMBER = "data4";

            Phone() {}
        }
    }
}
