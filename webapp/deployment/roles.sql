-- Two roles of PostgreSQL: one owns the tables and makes new ones, the other serves the pages.
-- Who serves pages may read and add entries; changing or deleting one is not for it.
--
--   runuser -u postgres -- psql --set ON_ERROR_STOP=1 --file roles.sql

\if :{?database}
\else
  \set database kronika
\endif
\if :{?owner}
\else
  \set owner kronika_owner
\endif
\if :{?serving}
\else
  \set serving kronika
\endif

CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE :"serving" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
\connect :"database"

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"serving";

ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"serving"; -- CREATE: it makes its read tables itself, and makes them anew

-- Accounts, sessions, drafts. From the table of entries Kronika takes UPDATE and DELETE away when it makes it.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"serving";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE ON SEQUENCES TO :"serving";
