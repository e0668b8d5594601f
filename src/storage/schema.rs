//! The tables as diesel sees them: the same for both databases. Column order is that of the migrations.

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    register (id) {
        id -> Integer,
        root_id -> Guid,
        kind -> Text,
        demo -> Bool,
        created_at -> Instant,
        moved_to -> Nullable<Text>,
        trusted_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    organisations (id) {
        id -> Guid,
        parent_id -> Nullable<Guid>,
        kind -> Text,
        name -> Text,
        abbreviation -> Nullable<Text>,
        path -> Text,
        body_id -> Nullable<Guid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        successor_id -> Nullable<Guid>,
        plans -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        auditors -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    users (id) {
        id -> Guid,
        organisation_id -> Guid,
        email -> Text,
        name -> Text,
        language -> Text,
        active -> Bool,
        subject -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    credentials (user_id) {
        user_id -> Guid,
        password_hash -> Text,
        changed_at -> Instant,
        one_time_until -> Nullable<Instant>,
        devices_from -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    sessions (id) {
        id -> Guid,
        user_id -> Guid,
        authentication -> Text,
        generation -> Integer,
        created_at -> Instant,
        expires_at -> Instant,
        ended_at -> Nullable<Instant>,
        device -> Nullable<Text>,
        place -> Nullable<Text>,
        issuer_subject -> Nullable<Text>,
        issuer_session -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    sign_in_attempts (address) {
        address -> Text,
        failed -> Integer,
        last_failed_at -> Instant,
        locked_until -> Nullable<Instant>,
        recorded_at -> Nullable<Instant>,
        account -> Nullable<Text>,
        spent_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    grants (id) {
        id -> Guid,
        user_id -> Guid,
        role -> Text,
        organisation_id -> Guid,
        drafts -> Bool,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    service_accounts (id) {
        id -> Guid,
        organisation_id -> Guid,
        name -> Text,
        scopes -> JsonDoc,
        expires_at -> Instant,
        active -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    service_credentials (id) {
        id -> Guid,
        service_account_id -> Guid,
        holds_until -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    service_secrets (credential_id) {
        credential_id -> Guid,
        sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    erasures (id) {
        id -> Guid,
        entity -> Text,
        entity_id -> Guid,
        fields -> JsonDoc,
        decision -> Text,
        requested_by_id -> Guid,
        confirmed_by_id -> Nullable<Guid>,
        confirmed_at -> Nullable<Instant>,
        commitments -> JsonDoc,
        sealed_files -> JsonDoc,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        withdrawn_by_id -> Nullable<Guid>,
        withdrawn_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    deadlines (id) {
        id -> Guid,
        year -> Integer,
        period -> Text,
        due_on -> Date,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        asked_from -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    periods (id) {
        id -> Guid,
        plan_id -> Guid,
        period -> Text,
        deadline -> Nullable<Date>,
        required -> Bool,
        status -> Text,
        closed_on -> Nullable<Date>,
        closed_by_id -> Nullable<Guid>,
        reopening_reason -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        closing_reason -> Nullable<Text>,
        followed_sha256 -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    control_reports (id) {
        id -> Guid,
        control_id -> Guid,
        plan_id -> Guid,
        period -> Text,
        sequence -> Integer,
        status -> Text,
        comment -> Nullable<Text>,
        counts -> Nullable<JsonDoc>,
        references -> JsonDoc,
        secrecy -> Nullable<JsonDoc>,
        correction_reason -> Nullable<Text>,
        reported_by_id -> Guid,
        on_behalf_of_id -> Nullable<Guid>,
        reported_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    action_reports (id) {
        id -> Guid,
        action_id -> Guid,
        plan_id -> Guid,
        period -> Text,
        sequence -> Integer,
        status -> Text,
        effect -> Text,
        completed_on -> Nullable<Date>,
        comment -> Nullable<Text>,
        references -> JsonDoc,
        secrecy -> Nullable<JsonDoc>,
        correction_reason -> Nullable<Text>,
        reported_by_id -> Guid,
        on_behalf_of_id -> Nullable<Guid>,
        reported_at -> Instant,
        version -> BigInt,
        realised_effect -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    reports (id) {
        id -> Guid,
        plan_id -> Guid,
        kind -> Text,
        number -> Integer,
        replaces_id -> Nullable<Guid>,
        status -> Text,
        revision -> Integer,
        introduction -> Nullable<Text>,
        conclusion -> Nullable<Text>,
        assurance -> Nullable<Text>,
        shown_to_management_on -> Nullable<Date>,
        diary_numbers -> JsonDoc,
        return_reason -> Nullable<Text>,
        decided_on -> Nullable<Date>,
        deciding_board -> Nullable<Text>,
        paragraph -> Nullable<Text>,
        final_sha256 -> Nullable<Text>,
        snapshot_sha256 -> Nullable<Text>,
        document_sha256 -> Nullable<Text>,
        docx_sha256 -> Nullable<Text>,
        xlsx_sha256 -> Nullable<Text>,
        public_snapshot_sha256 -> Nullable<Text>,
        public_document_sha256 -> Nullable<Text>,
        public_docx_sha256 -> Nullable<Text>,
        public_xlsx_sha256 -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        early_reason -> Nullable<Text>,
        clauses -> Nullable<JsonDoc>,
        sent_to -> Nullable<JsonDoc>,
        board_change -> Nullable<Text>,
        delivered_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    compiled_reports (id) {
        id -> Guid,
        organisation_id -> Guid,
        year -> Integer,
        kind -> Text,
        number -> Integer,
        replaces_id -> Nullable<Guid>,
        status -> Text,
        introduction -> Nullable<Text>,
        conclusion -> Nullable<Text>,
        diary_numbers -> JsonDoc,
        final_on -> Nullable<Date>,
        snapshot_sha256 -> Nullable<Text>,
        document_sha256 -> Nullable<Text>,
        docx_sha256 -> Nullable<Text>,
        xlsx_sha256 -> Nullable<Text>,
        public_snapshot_sha256 -> Nullable<Text>,
        public_document_sha256 -> Nullable<Text>,
        public_docx_sha256 -> Nullable<Text>,
        public_xlsx_sha256 -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    deficiencies (id) {
        id -> Guid,
        organisation_id -> Guid,
        plan_id -> Nullable<Guid>,
        risk_id -> Nullable<Guid>,
        control_id -> Nullable<Guid>,
        from_control_id -> Nullable<Guid>,
        title -> Text,
        description -> Nullable<Text>,
        severity -> Text,
        found_on -> Date,
        found_by -> Nullable<Text>,
        found_by_id -> Nullable<Guid>,
        suspected_crime -> Bool,
        secrecy -> Nullable<JsonDoc>,
        measures -> Nullable<Text>,
        reported_to_board_on -> Nullable<Date>,
        board_paragraph -> Nullable<Text>,
        board_diary_number -> Nullable<Text>,
        reported_to_region_on -> Nullable<Date>,
        region_year -> Nullable<Integer>,
        region_period -> Nullable<Text>,
        crime_handled_on -> Nullable<Date>,
        crime_handling -> Nullable<Text>,
        crime_handled_by_id -> Nullable<Guid>,
        closed_on -> Nullable<Date>,
        closure_reason -> Nullable<Text>,
        closed_by_id -> Nullable<Guid>,
        reported_by_id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    plan_deficiencies (id) {
        id -> Guid,
        plan_id -> Guid,
        deficiency_id -> Guid,
        risk_id -> Nullable<Guid>,
        justification -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    recommendations (id) {
        id -> Guid,
        organisation_id -> Guid,
        source -> Text,
        report -> Text,
        diary_number -> Nullable<Text>,
        year -> Integer,
        text -> Text,
        responsible_id -> Nullable<Guid>,
        action_ids -> JsonDoc,
        closed_on -> Nullable<Date>,
        closure_reason -> Nullable<Text>,
        closed_by_id -> Nullable<Guid>,
        created_by_id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    recommendation_entries (id) {
        id -> Guid,
        recommendation_id -> Guid,
        side -> Text,
        dated_on -> Date,
        text -> Text,
        written_by_id -> Guid,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    audit_opinions (id) {
        id -> Guid,
        organisation_id -> Guid,
        year -> Integer,
        judgement -> Text,
        report -> Text,
        diary_number -> Nullable<Text>,
        given_on -> Date,
        comment -> Nullable<Text>,
        created_by_id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    self_assessments (id) {
        id -> Guid,
        plan_id -> Guid,
        period -> Text,
        components -> JsonDoc,
        assessed_by_id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    financial_measures (id) {
        id -> Guid,
        plan_id -> Guid,
        period -> Text,
        measures -> JsonDoc,
        written_by_id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    outcomes (id) {
        id -> Guid,
        indicator_id -> Guid,
        organisation_id -> Guid,
        period -> Text,
        value -> Nullable<Text>,
        forecast -> Nullable<Text>,
        judgement -> Nullable<Text>,
        cause -> Nullable<Text>,
        action_ids -> JsonDoc,
        reported_by_id -> Nullable<Guid>,
        reported_by_account_id -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        own_actions -> Nullable<JsonDoc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    wordings (id) {
        id -> Guid,
        organisation_id -> Guid,
        year -> Integer,
        words -> JsonDoc,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    notes (id) {
        id -> Guid,
        plan_id -> Guid,
        risk_id -> Nullable<Guid>,
        control_id -> Nullable<Guid>,
        action_id -> Nullable<Guid>,
        text -> Text,
        mentioned_ids -> JsonDoc,
        written_by_id -> Guid,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    password_links (id) {
        id -> Guid,
        user_id -> Guid,
        invited_by_id -> Nullable<Guid>,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    traces (log_id, n) {
        log_id -> Guid,
        n -> BigInt,
        trace -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    turns (turn) {
        turn -> BigInt,
        log_id -> Guid,
        n -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant};

    files (id) {
        id -> Guid,
        plan_id -> Nullable<Guid>,
        control_id -> Nullable<Guid>,
        action_id -> Nullable<Guid>,
        deficiency_id -> Nullable<Guid>,
        period -> Nullable<Text>,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        uploaded_by_id -> Guid,
        created_at -> Instant,
        removed_at -> Nullable<Instant>,
        public_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::Instant;

    stored_files (sha256) {
        sha256 -> Text,
        size -> BigInt,
        created_at -> Instant,
        erased_at -> Nullable<Instant>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(service_accounts, service_credentials, service_secrets, organisations);

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    years (year) {
        year -> Integer,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    goals (id) {
        id -> Guid,
        organisation_id -> Guid,
        year -> Integer,
        parent_id -> Nullable<Guid>,
        continues_id -> Nullable<Guid>,
        number -> Nullable<Text>,
        name -> Text,
        position -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    indicators (id) {
        id -> Guid,
        goal_id -> Guid,
        name -> Text,
        unit -> Nullable<Text>,
        comparator -> Nullable<Text>,
        decided_by -> Text,
        council_target -> Nullable<Text>,
        board_target -> Nullable<Text>,
        later_targets -> JsonDoc,
        baseline_year -> Nullable<Integer>,
        note -> Nullable<Text>,
        position -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        organisation_id -> Nullable<Guid>,
        continues_id -> Nullable<Guid>,
        concerns -> Nullable<JsonDoc>,
        local_targets -> Nullable<JsonDoc>,
        baseline_value -> Nullable<Text>,
        responsible_id -> Nullable<Guid>,
        targets_from_year -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    scoring_policies (id) {
        id -> Guid,
        organisation_id -> Guid,
        name -> Text,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    policy_versions (id) {
        id -> Guid,
        policy_id -> Guid,
        number -> Integer,
        definition -> JsonDoc,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    mandatory_risks (id) {
        id -> Guid,
        year -> Integer,
        kind -> Text,
        name -> Text,
        description -> Nullable<Text>,
        goal_id -> Guid,
        continues_id -> Nullable<Guid>,
        issued_at -> Instant,
        withdrawn_at -> Nullable<Instant>,
        withdrawal_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    standing_texts (id) {
        id -> Guid,
        organisation_id -> Guid,
        year -> Integer,
        language -> Text,
        key -> Text,
        heading -> Text,
        text -> Text,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        valid_from -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    plans (id) {
        id -> Guid,
        organisation_id -> Guid,
        year -> Integer,
        status -> Text,
        adopted_revision -> Nullable<Integer>,
        policy_version_id -> Guid,
        goal_order -> JsonDoc,
        diary_numbers -> JsonDoc,
        decided_on -> Nullable<Date>,
        deciding_board -> Nullable<Text>,
        paragraph -> Nullable<Text>,
        proposed_sha256 -> Nullable<Text>,
        return_reason -> Nullable<Text>,
        revision_reason -> Nullable<Text>,
        from_plan_id -> Nullable<Guid>,
        delivered_on -> Nullable<Date>,
        delivered_revision -> Nullable<Integer>,
        illustrative -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        followed_sha256 -> Nullable<Text>,
        board_change -> Nullable<Text>,
        closing_reason -> Nullable<Text>,
        revised_because -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    plan_sections (id) {
        id -> Guid,
        plan_id -> Guid,
        section -> Text,
        text -> Text,
        updated_at -> Instant,
        version -> BigInt,
        carried_from_year -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    revisions (id) {
        id -> Guid,
        plan_id -> Guid,
        number -> Integer,
        decided_on -> Date,
        deciding_board -> Text,
        paragraph -> Text,
        diary_numbers -> JsonDoc,
        policy_version_id -> Guid,
        snapshot_sha256 -> Text,
        document_sha256 -> Text,
        created_at -> Instant,
        version -> BigInt,
        clauses -> Nullable<JsonDoc>,
        sent_to -> Nullable<JsonDoc>,
        board_change -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    sealed_files (sha256) {
        sha256 -> Text,
        media_type -> Text,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    risks (id) {
        id -> Guid,
        plan_id -> Guid,
        identity_id -> Guid,
        previous_id -> Nullable<Guid>,
        organisation_id -> Guid,
        goal_id -> Nullable<Guid>,
        local_goal -> Nullable<Text>,
        position -> Integer,
        number -> Nullable<Integer>,
        fixed_number -> Nullable<Integer>,
        reference -> Text,
        name -> Text,
        description -> Nullable<Text>,
        category -> Nullable<Text>,
        owner_id -> Nullable<Guid>,
        likelihood -> Nullable<Integer>,
        consequence -> Nullable<Integer>,
        score -> Nullable<Integer>,
        level -> Nullable<Text>,
        confirmed -> Bool,
        target_level -> Nullable<Text>,
        response -> Nullable<Text>,
        justification -> Nullable<Text>,
        irregularity -> Bool,
        secrecy -> Nullable<JsonDoc>,
        mandatory_id -> Nullable<Guid>,
        area_id -> Nullable<Guid>,
        formerly_mandatory -> Bool,
        included -> Bool,
        inclusion_reason -> Text,
        decision_reason -> Nullable<Text>,
        set_aside_reason -> Nullable<Text>,
        retired_on -> Nullable<Date>,
        retirement_reason -> Nullable<Text>,
        adopted -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        added_after_adoption_on -> Nullable<Date>,
        own_category -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    risk_references (body_id, reference) {
        body_id -> Guid,
        reference -> Text,
        identity_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    assessments (id) {
        id -> Guid,
        risk_id -> Guid,
        plan_id -> Guid,
        sequence -> Integer,
        policy_version_id -> Guid,
        likelihood -> Integer,
        consequence -> Integer,
        score -> Integer,
        level -> Text,
        reason -> Nullable<Text>,
        confirmed -> Bool,
        assessed_by_id -> Nullable<Guid>,
        assessed_at -> Instant,
        copied_from_id -> Nullable<Guid>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    controls (id) {
        id -> Guid,
        risk_id -> Guid,
        plan_id -> Guid,
        previous_id -> Nullable<Guid>,
        position -> Integer,
        name -> Text,
        description -> Nullable<Text>,
        frequency -> Nullable<Text>,
        recurrences -> JsonDoc,
        due_period -> Nullable<Text>,
        due_date -> Nullable<Date>,
        responsible_id -> Nullable<Guid>,
        indicator_ids -> JsonDoc,
        adopted -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        removed_in -> Nullable<Integer>,
        added_after_adoption_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    actions (id) {
        id -> Guid,
        risk_id -> Guid,
        plan_id -> Guid,
        previous_id -> Nullable<Guid>,
        from_control_id -> Nullable<Guid>,
        position -> Integer,
        name -> Text,
        description -> Nullable<Text>,
        start_date -> Nullable<Date>,
        end_date -> Nullable<Date>,
        end_date_reason -> Nullable<Text>,
        responsible_id -> Nullable<Guid>,
        financial_effect -> Nullable<JsonDoc>,
        added_after_adoption -> Bool,
        adopted -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        removed_in -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    heads (log_id) {
        log_id -> Guid,
        size -> BigInt,
        last_time -> Instant,
        frontier -> Binary,
        checkpoints -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    tree_nodes (log_id, level, position) {
        log_id -> Guid,
        level -> Integer,
        position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    checkpoints (log_id, number) {
        log_id -> Guid,
        number -> BigInt,
        size -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    signing_keys (id) {
        id -> Guid,
        public_key -> Text,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    events (log_id, n) {
        log_id -> Guid,
        n -> BigInt,
        time -> Instant,
        actor_kind -> Text,
        actor_id -> Nullable<Guid>,
        kind -> Text,
        entity -> Text,
        entity_id -> Guid,
        organisation_id -> Guid,
        schema_version -> Integer,
        body -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    openings (commitment) {
        commitment -> Text,
        log_id -> Guid,
        n -> BigInt,
        pointer -> Text,
        entity_id -> Guid,
        salt -> Binary,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    drafts (user_id, page, form) {
        user_id -> Guid,
        page -> Text,
        form -> Text,
        fields -> Text,
        saved_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    idempotency (principal, method, path, key) {
        principal -> Text,
        method -> Text,
        path -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        headers -> JsonDoc,
        body -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    webhooks (id) {
        id -> Guid,
        organisation_id -> Guid,
        name -> Text,
        url -> Text,
        kinds -> JsonDoc,
        active -> Bool,
        pause_reason -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    webhook_secrets (webhook_id, secret) {
        webhook_id -> Guid,
        secret -> Text,
        created_at -> Instant,
        expires_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    webhook_states (webhook_id) {
        webhook_id -> Guid,
        failures -> Integer,
        failing_since -> Nullable<Instant>,
        next_attempt_at -> Nullable<Instant>,
        lease -> Nullable<Guid>,
        leased_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    webhook_cursors (webhook_id, log_id) {
        webhook_id -> Guid,
        log_id -> Guid,
        position -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    webhook_deliveries (id) {
        id -> Guid,
        webhook_id -> Guid,
        log_id -> Guid,
        n -> BigInt,
        kind -> Text,
        attempt -> Integer,
        at -> Instant,
        outcome -> Text,
        status_code -> Nullable<Integer>,
        fault -> Nullable<Text>,
        duration_ms -> Integer,
        next_attempt_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    reminder_settings (user_id) {
        user_id -> Guid,
        weekly -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    mails (id) {
        id -> Guid,
        user_id -> Guid,
        kind -> Text,
        occasion -> Text,
        plan_id -> Nullable<Guid>,
        period -> Nullable<Text>,
        note -> Nullable<Text>,
        status -> Text,
        attempts -> Integer,
        fault -> Nullable<Text>,
        created_at -> Instant,
        next_attempt_at -> Nullable<Instant>,
        finished_at -> Nullable<Instant>,
        lease -> Nullable<Guid>,
        leased_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    calendar_feeds (user_id) {
        user_id -> Guid,
        sha256 -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    restores (id) {
        id -> Guid,
        log_id -> Guid,
        epoch -> BigInt,
        size -> BigInt,
        known_checkpoint -> Nullable<Text>,
        restored_by -> Text,
        reason -> Text,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    imports (id) {
        id -> Guid,
        plan_id -> Nullable<Guid>,
        kind -> Text,
        file_name -> Text,
        sha256 -> Text,
        size -> BigInt,
        mapping -> Text,
        found -> Text,
        answers -> Text,
        outcome -> Text,
        created_by_id -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        executed_at -> Nullable<Instant>,
        version -> BigInt,
        organisation_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    import_files (import_id) {
        import_id -> Guid,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::types::{Guid, Instant, JsonDoc};

    import_words (organisation_id, about, word) {
        organisation_id -> Guid,
        about -> Text,
        word -> Text,
        value -> Text,
        updated_at -> Instant,
    }
}

diesel::allow_tables_to_appear_in_same_query!(register, organisations, users, credentials, sessions, sign_in_attempts, grants, years, goals, indicators, scoring_policies, policy_versions, mandatory_risks, standing_texts, plans, plan_sections, revisions, sealed_files, risks, risk_references, assessments, controls, actions, heads, events, openings, tree_nodes, checkpoints, signing_keys, erasures, webhooks, webhook_secrets, webhook_states, webhook_cursors, webhook_deliveries, idempotency, deadlines, periods, control_reports, action_reports, reports, compiled_reports, deficiencies, plan_deficiencies, recommendations, recommendation_entries, audit_opinions, self_assessments, financial_measures, outcomes, reminder_settings, mails, calendar_feeds, wordings, drafts, notes, password_links, restores, traces, turns, imports, import_files, import_words, files, stored_files);
