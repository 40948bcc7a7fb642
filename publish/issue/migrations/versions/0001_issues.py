"""What was issued, and its files."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("symbol", sa.String(200), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("corrects", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("release", sa.DateTime, nullable=False),
        sa.Column("issued", sa.DateTime, nullable=False, index=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.UniqueConstraint("symbol", "serial"),
    )
    op.create_table(
        "files",
        sa.Column("issue", sa.Integer, sa.ForeignKey("issues.id"), primary_key=True),
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
